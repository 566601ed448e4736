"""The list of clients and the search over HTTP."""

import pytest
from sqlalchemy import text

from services.clients.conftest import MADRID, MIAMI, Register
from shared.testing.service import Caller, ServiceUnderTest

CLIENTS = "/api/v1/clients"
VIP = "00000000-0000-7000-8000-000000000a02"


@pytest.fixture
def people(register: Register) -> dict[str, str]:
    """A few clients, by the name that tests call them."""
    return {
        "maria": register(
            first_name="María del Carmen",
            last_name="López García",
            phones=[{"number": "+34612345678"}],
            emails=[{"address": "mcarmen.lopez@example.com"}],
            preferred_branch_id=str(MADRID),
        )["id"],
        "mario": register(first_name="Mario", last_name="Garza Lozano", preferred_branch_id=str(MIAMI))["id"],
        "mar": register(first_name="Mar", last_name="Ibáñez", phones=[{"number": "+13055550123"}])["id"],
        "oneill": register(first_name="Siobhán", last_name="O'Neill-Brown")["id"],
    }


def names(people: dict[str, str], answer: dict) -> list[str]:
    by_id = {client_id: name for name, client_id in people.items()}
    return [by_id[item["id"]] for item in answer["items"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mar", ["mar", "maria", "mario"]),
        ("MARÍ", ["maria", "mario"]),
        ("lopez", ["maria"]),
        ("garcia", ["maria"]),
        ("lopez maria", ["maria"]),
        ("carmen lóp gar", ["maria"]),
        ("mar gar", ["maria", "mario"]),
        ("oneill", ["oneill"]),
        ("o'neill", ["oneill"]),
        ("brown sio", ["oneill"]),
        ("345678", ["maria"]),
        ("45 67", ["maria"]),
        ("612 34 56", ["maria"]),
        ("+34 612", ["maria"]),
        ("(305) 555", ["mar"]),
        ("lopez 612", ["maria"]),
        ("mcarmen.lo", ["maria"]),
        ("MCarmen.Lopez@exa", ["maria"]),
        ("nobody", []),
        ("%", []),
        ("_____", []),
    ],
)
def test_clients_are_found_as_one_types_best_first(
    typed: str, found: list[str], people: dict[str, str], lucia: Caller
) -> None:
    assert names(people, lucia.get(CLIENTS, query_string={"search": typed}).json) == found


@pytest.mark.parametrize(
    "typed", ["gracia", "garcai", "gacia", "garccia", "gsrcia", "lopes garcia", "maria lopze", "carmne lopez", "garsia"]
)
def test_one_typing_error_is_forgiven(typed: str, people: dict[str, str], lucia: Caller) -> None:
    assert names(people, lucia.get(CLIENTS, query_string={"search": typed}).json)[0] == "maria"


def test_a_new_name_is_found_at_once_and_the_old_one_no_longer(people: dict[str, str], lucia: Caller) -> None:
    lucia.patch(f"{CLIENTS}/{people['mar']}", {"last_name": "Zubizarreta", "phones": [{"number": "+34699000111"}]})
    found = {typed: lucia.get(f"{CLIENTS}?search={typed}").json["items"] for typed in ("zubi", "699000", "ibanez")}
    assert [len(items) for items in found.values()] == [1, 1, 0]


def test_the_list_begins_with_the_newest_and_goes_on_page_by_page(people: dict[str, str], lucia: Caller) -> None:
    first = lucia.get(f"{CLIENTS}?limit=3").json
    second = lucia.get(f"{CLIENTS}?limit=3&cursor={first['next_cursor']}").json
    assert names(people, first) + names(people, second) == ["oneill", "mar", "mario", "maria"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["mar", "maria", "mario", "oneill"]),
        ("changed", ["maria", "mar", "oneill", "mario"]),
        ("registered", ["maria", "mario", "mar", "oneill"]),
    ],
)
def test_the_list_is_sorted_both_ways_and_no_page_repeats_or_forgets(
    sort: str, order: list[str], people: dict[str, str], lucia: Caller
) -> None:
    lucia.patch(f"{CLIENTS}/{people['mario']}", {"language": "fr"})
    if sort == "name":  # case and accents make no difference
        lucia.patch(f"{CLIENTS}/{people['mar']}", {"first_name": "mÁR"})
    for wanted, expected in ((sort, order), (f"-{sort}", order[::-1])):
        found, cursor = [], ""
        for _ in range(3):
            answer = lucia.get(f"{CLIENTS}?sort={wanted}&limit=2{cursor}").json
            found += names(people, answer)
            if not answer["next_cursor"]:
                break
            cursor = f"&cursor={answer['next_cursor']}"
        assert found == expected


def test_who_was_changed_before_that_was_kept_counts_as_changed_when_registered(
    clients: ServiceUnderTest, people: dict[str, str], lucia: Caller
) -> None:
    with clients.database.transaction() as session:
        session.execute(text("UPDATE clients SET changed_at = NULL"))
    answer = lucia.get(f"{CLIENTS}?sort=-changed").json
    assert names(people, answer) == ["oneill", "mar", "mario", "maria"]
    assert all(item["changed_at"] == item["created_at"] for item in answer["items"])


def test_a_cursor_of_another_order_is_refused(people: dict[str, str], lucia: Caller) -> None:
    cursor = lucia.get(f"{CLIENTS}?limit=1").json["next_cursor"]
    for sort in ("registered", "name", "-changed"):
        answer = lucia.get(f"{CLIENTS}?sort={sort}&cursor={cursor}")
        assert (answer.status_code, answer.json["code"]) == (422, "bad_cursor")


def test_a_search_goes_on_page_by_page_too(people: dict[str, str], lucia: Caller) -> None:
    first = lucia.get(f"{CLIENTS}?search=mar&limit=2").json
    second = lucia.get(f"{CLIENTS}?search=mar&limit=2&cursor={first['next_cursor']}").json
    assert names(people, first) + names(people, second) == ["mar", "maria", "mario"]


def test_filters_hold_for_the_list_and_for_the_search(people: dict[str, str], lucia: Caller) -> None:
    lucia.put(f"{CLIENTS}/{people['maria']}/status", {"status_id": VIP, "reason": "x"})
    for search in ("", "search=mar&"):
        assert names(people, lucia.get(f"{CLIENTS}?{search}branch_id={MIAMI}").json) == ["mario"]
        assert names(people, lucia.get(f"{CLIENTS}?{search}status={VIP}").json) == ["maria"]


def test_an_item_of_the_list_is_the_client_as_shown_alone(people: dict[str, str], lucia: Caller) -> None:
    (item,) = lucia.get(f"{CLIENTS}?search=ibanez").json["items"]
    assert item == lucia.get(f"{CLIENTS}/{people['mar']}").json


def test_who_is_archived_is_not_listed(clients: ServiceUnderTest, people: dict[str, str], lucia: Caller) -> None:
    with clients.database.transaction() as session:
        session.execute(text("UPDATE clients SET archived_at = now() WHERE id = :id"), {"id": people["mar"]})
    assert names(people, lucia.get(f"{CLIENTS}?search=mar").json) == ["maria", "mario"]
    assert "mar" not in names(people, lucia.get(CLIENTS).json)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("search=", "search"),
        ("search=" + "a" * 101, "search"),
        ("search=a%00", "search"),
        ("branch_id=madrid", "branch_id"),
        ("status=vip", "status"),
        ("cursor=x", "cursor"),
        ("sort=age", "sort"),
        ("order=name", "order"),
        ("search=a&cursor=WyJhIl0", "cursor"),
        ("limit=201", "limit"),
    ],
)
def test_a_bad_query_is_named(query: str, field: str, lucia: Caller) -> None:
    answer = lucia.get(f"{CLIENTS}?{query}")
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_only_who_may_sees_the_list(clients: ServiceUnderTest) -> None:
    assert clients.signed_in("audit.read").get(CLIENTS).status_code == 403
    assert clients.anonymous().get(CLIENTS).status_code == 401
