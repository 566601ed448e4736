"""A table over all rows of a short list: filtered, sorted and paged by what the address says. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.web.settings.section import Column, Row
from shared.folding import fold

PAGE = 25


@dataclass(frozen=True)
class Table:
    columns: Sequence[Column]
    rows: Sequence[Row]
    """Those of the page."""
    count: int
    """All that the filter leaves."""
    page: int
    pages: int
    search: str
    sort: str
    """A column's name, with a minus before it for the other way round."""
    state: str
    """active, retired or all."""

    def sorted_by(self, column: Column) -> str | None:
        """ascending, descending, or None when it is another column."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort)

    def query(self, **changes: Any) -> dict[str, Any]:
        """The address of the same table with something changed."""
        asked = {"search": self.search, "sort": self.sort, "state": self.state, "page": self.page, **changes}
        return {name: value for name, value in asked.items() if value}


def table_of(rows: Sequence[Row], columns: Sequence[Column], asked: Mapping[str, str], *, can_retire: bool) -> Table:
    search, sort = asked.get("search", "").strip(), asked.get("sort", "")
    state = asked.get("state", "active") if can_retire else "all"
    found = [row for row in rows if _in(row, state) and _holds(row, columns, fold(search))]
    by = {column.name: column for column in columns}.get(sort.lstrip("-"))
    if by:
        found.sort(key=by.order, reverse=sort.startswith("-"))
    pages = max(1, -(-len(found) // PAGE))
    page = min(pages, max(1, int(asked["page"]) if asked.get("page", "").isdecimal() else 1))
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Table(columns, shown, len(found), page, pages, search, sort if by else "", state)


def _in(row: Row, state: str) -> bool:
    return state == "all" or row.get("active", True) == (state != "retired")


def _holds(row: Row, columns: Sequence[Column], search: str) -> bool:
    return not search or any(search in fold(column.show(row)) for column in columns)
