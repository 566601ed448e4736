"""Tables of the settings: filtered, sorted, paged."""

from services.web.settings.section import Column
from services.web.settings.table import table_of

ROWS = [{"name": f"Fila {number:02}", "size": number % 7, "active": number % 10 != 0} for number in range(60)]
COLUMNS = [
    Column("name", "Name", lambda row: row["name"]),
    Column("size", "Size", lambda row: str(row["size"]), lambda row: row["size"]),
]


def table(**asked):
    return table_of(ROWS, COLUMNS, asked, can_retire=True)


def test_only_what_is_in_use_is_shown_until_asked_otherwise():
    assert table().count == 54
    assert table(state="retired").count == 6
    assert table(state="all").count == 60


def test_case_and_accents_make_no_difference_to_the_filter():
    assert table(search="FÍLA 01").count == 1


def test_numbers_sort_as_numbers_and_both_ways():
    assert table(sort="size").rows[0]["size"] == 0
    assert table(sort="-size").rows[0]["size"] == 6
    assert table(sort="-size").sorted_by(COLUMNS[1]) == "descending"


def test_a_page_that_is_not_there_is_the_nearest_one():
    assert (table(page="99").page, table(page="-1").page, table(page="x").page) == (3, 1, 1)
    assert len(table(page="3").rows) == 4


def test_a_sort_by_a_column_that_is_not_there_is_no_sort():
    assert table(sort="password").sort == ""
