"""The chain's lists over HTTP."""

import pytest

from services.clients.conftest import UNKNOWN
from shared.contracts.clients import REFERRAL_METHOD_ADDED, STATUS_ADDED, STATUS_CHANGED, TAG_ADDED, TAG_CHANGED
from shared.testing.service import Caller, ServiceUnderTest

STATUSES = "/api/v1/clients/statuses"
TAGS = "/api/v1/clients/tags"
METHODS = "/api/v1/clients/referral-methods"
ACTIVE = "00000000-0000-7000-8000-000000000a01"
VIP = "00000000-0000-7000-8000-000000000a02"


def test_a_new_chain_has_four_statuses_with_spanish_names(lucia: Caller) -> None:
    items = lucia.get(STATUSES).json["items"]
    assert [item["name"] for item in items] == ["Active", "VIP", "Inactive", "Do not serve"]
    assert [item["names"]["es"] for item in items] == ["Activo", "VIP", "Inactivo", "No atender"]


def test_a_status_is_added_changed_and_retired(clients: ServiceUnderTest, lucia: Caller) -> None:
    added = lucia.post(STATUSES, {"name": "Gold", "names": {"es": "Oro"}, "colour": "#ffd700", "position": 2})
    assert (added.status_code, added.headers["ETag"]) == (201, '"1"')
    retired = lucia.patch(f"{STATUSES}/{added.json['id']}", {"active": False}, version=1)
    assert (retired.json["active"], retired.headers["ETag"]) == (False, '"2"')
    assert [clients.emitted(one)[0].data["active"] for one in (STATUS_ADDED, STATUS_CHANGED)] == [True, False]
    assert "Gold" not in [item["name"] for item in lucia.get(f"{STATUSES}?active=true").json["items"]]


def test_a_referral_method_says_whether_it_names_a_client(clients: ServiceUnderTest, lucia: Caller) -> None:
    added = lucia.post(METHODS, {"name": "A neighbour", "by_client": True})
    assert added.json["by_client"] is True
    assert clients.emitted(REFERRAL_METHOD_ADDED)[0].data["name"] == "A neighbour"
    renamed = lucia.patch(f"{METHODS}/{added.json['id']}", {"names": {"es": "Un vecino"}})
    assert renamed.json["names"] == {"es": "Un vecino"}


def test_a_tag_is_added_in_a_colour_of_the_palette_changed_and_retired(
    clients: ServiceUnderTest, lucia: Caller
) -> None:
    assert lucia.get(TAGS).json["items"] == []
    added = lucia.post(TAGS, {"name": "Press", "names": {"es": "Prensa"}, "colour": "teal"})
    assert (added.status_code, added.headers["ETag"], added.json["active"]) == (201, '"1"', True)
    retired = lucia.patch(f"{TAGS}/{added.json['id']}", {"active": False, "colour": "blue"}, version=1)
    assert (retired.json["active"], retired.json["colour"], retired.headers["ETag"]) == (False, "blue", '"2"')
    (first,), (second,) = clients.emitted(TAG_ADDED), clients.emitted(TAG_CHANGED)
    assert first.data == {"id": added.json["id"], "name": "Press", "colour": "teal", "active": True}
    assert (second.subject, second.version, second.data["active"]) == (added.json["id"], 2, False)
    assert lucia.get(f"{TAGS}?active=true").json["items"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"colour": "#ffd700"}, "colour"),
        ({"colour": None}, "colour"),
        ({"name": "a|b"}, "name"),
        ({"name": " "}, "name"),
    ],
)
def test_a_bad_tag_is_named_by_field_and_changes_nothing(given: dict, field: str, lucia: Caller) -> None:
    tag = lucia.post(TAGS, {"name": "Press"}).json
    for answer in (lucia.post(TAGS, {"name": "Bride"} | given), lucia.patch(f"{TAGS}/{tag['id']}", given)):
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(TAGS).json["items"] == [tag]


@pytest.mark.parametrize(("path", "name"), [(STATUSES, "vip"), (METHODS, "WEB"), (TAGS, "PRESS")])
def test_a_name_is_taken_whatever_its_case(path: str, name: str, lucia: Caller) -> None:
    lucia.post(TAGS, {"name": "Bride", "position": 1})
    lucia.post(TAGS, {"name": "Press"})
    answer = lucia.post(path, {"name": name})
    assert (answer.status_code, list(answer.json["errors"])) == (409, ["name"])
    first = lucia.get(path).json["items"][0]
    assert lucia.patch(f"{path}/{first['id']}", {"name": name}).status_code == 409


def test_the_status_of_new_clients_is_not_retired(lucia: Caller) -> None:
    answer = lucia.patch(f"{STATUSES}/{ACTIVE}", {"active": False})
    assert (answer.status_code, list(answer.json["errors"])) == (409, ["active"])


def test_a_list_goes_on_where_its_page_ended(lucia: Caller) -> None:
    first = lucia.get(f"{STATUSES}?limit=3").json
    second = lucia.get(f"{STATUSES}?limit=3&cursor={first['next_cursor']}").json
    assert [item["name"] for item in second["items"]] == ["Do not serve"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"names": {"es": "Oro"}}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": ["Gold"]}, "name"),
        ({"name": "Gold", "colour": "gold"}, "colour"),
        ({"name": "Gold", "colour": "#ffd700\n"}, "colour"),
        ({"name": "Gold", "position": -1}, "position"),
        ({"name": "Gold", "position": "2"}, "position"),
        ({"name": "Gold", "active": "true"}, "active"),
        ({"name": "Gold", "names": {"fr": "Or"}}, "names"),
        ({"name": "Gold", "by_client": True}, "by_client"),
    ],
)
def test_bad_input_is_named_by_field_and_changes_nothing(given: dict, field: str, lucia: Caller) -> None:
    answer = lucia.post(STATUSES, given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert len(lucia.get(STATUSES).json["items"]) == 4


@pytest.mark.parametrize("query", ["cursor=xyz", "limit=0", "limit=many", "active=yes", "colour=red", "cursor=W10"])
def test_a_bad_query_is_named(query: str, lucia: Caller) -> None:
    answer = lucia.get(f"{STATUSES}?{query}")
    assert (answer.status_code, list(answer.json["errors"])) == (422, [query.partition("=")[0]])


@pytest.mark.parametrize("path", [STATUSES, METHODS, TAGS])
def test_the_lists_ask_for_versions_and_permissions(path: str, clients: ServiceUnderTest, lucia: Caller) -> None:
    lucia.post(TAGS, {"name": "Press"})
    first = f"{path}/{lucia.get(path).json['items'][0]['id']}"
    assert lucia.patch(first, {"position": 9}, version=None).status_code == 428
    assert lucia.patch(first, {"position": 9}, version=5).status_code == 412
    assert lucia.patch(f"{path}/{UNKNOWN}", {"position": 9}).status_code == 404
    reader = clients.signed_in("clients.read")
    assert reader.post(path, {"name": "Gold"}).status_code == 403
    assert reader.patch(first, {"position": 9}).status_code == 403
    assert clients.anonymous().get(path).status_code == 401
