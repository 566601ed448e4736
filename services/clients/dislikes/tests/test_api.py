"""Dislikes over HTTP."""

import pytest

from services.clients.conftest import CUT, PEELING, UNKNOWN, Register
from shared.contracts.clients import DISLIKE_ADDED, DISLIKE_CHANGED, DISLIKE_REMOVED
from shared.testing.service import Caller, ServiceUnderTest


def path(client: dict, dislike: dict | None = None) -> str:
    return f"/api/v1/clients/{client['id']}/dislikes" + (f"/{dislike['id']}" if dislike else "")


def test_a_dislike_is_added_with_a_comment_that_stays_here(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    answer = lucia.post(path(client), {"service_id": str(PEELING), "comment": "Her skin is sensitive"})
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert (answer.json["service_name"], answer.json["created_by"]) == ("Peeling químico", "Lucía Ortega")
    (event,) = clients.emitted(DISLIKE_ADDED)
    assert (event.subject, event.version) == (answer.json["id"], 1)
    assert event.data == {"client_id": client["id"], "service_id": str(PEELING)}
    assert lucia.get(path(client)).json["items"] == [answer.json]


def test_a_dislike_is_changed_and_removed_and_all_of_it_is_in_the_clients_history(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    dislike = lucia.post(path(client), {"service_id": str(PEELING)}).json
    changed = lucia.patch(path(client, dislike), {"comment": "Never"}, version=1)
    assert (changed.json["comment"], changed.headers["ETag"]) == ("Never", '"2"')
    assert lucia.delete(path(client, dislike), version=2).status_code == 204
    assert lucia.get(path(client)).json["items"] == []
    assert [clients.emitted(one)[0].version for one in (DISLIKE_ADDED, DISLIKE_CHANGED, DISLIKE_REMOVED)] == [1, 2, 3]
    history = lucia.get(f"/api/v1/clients/{client['id']}/changes").json["items"]
    assert [entry["kind"] for entry in history] == ["dislike", "dislike", "dislike", "client"]
    assert history[1]["changes"] == {"comment": ["", "Never"]}


def test_a_service_is_disliked_once(lucia: Caller, register: Register) -> None:
    client = register()
    lucia.post(path(client), {"service_id": str(CUT)})
    peeling = lucia.post(path(client), {"service_id": str(PEELING)}).json
    for answer in (
        lucia.post(path(client), {"service_id": str(CUT)}),
        lucia.patch(path(client, peeling), {"service_id": str(CUT)}),
    ):
        assert (answer.status_code, list(answer.json["errors"])) == (409, ["service_id"])


def test_a_dislike_of_another_client_is_not_there(lucia: Caller, register: Register) -> None:
    mine, other = register(), register()
    dislike = lucia.post(path(mine), {"service_id": str(CUT)}).json
    assert lucia.patch(path(other, dislike), {"comment": "x"}).status_code == 404
    assert lucia.delete(path(other, dislike)).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"service_id": str(UNKNOWN)}, "service_id"),
        ({"service_id": "haircut"}, "service_id"),
        ({"comment": "x"}, "service_id"),
        ({"service_id": str(CUT), "comment": "x" * 501}, "comment"),
        ({"service_id": str(CUT), "comment": None}, "comment"),
        ({"service_id": str(CUT), "client_id": str(CUT)}, "client_id"),
    ],
)
def test_bad_input_is_named_by_field_and_changes_nothing(
    given: dict, field: str, lucia: Caller, register: Register
) -> None:
    client = register()
    answer = lucia.post(path(client), given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(path(client)).json["items"] == []


def test_a_change_asks_for_the_version_and_for_its_permission(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    dislike = lucia.post(path(client), {"service_id": str(CUT)}).json
    assert lucia.patch(path(client, dislike), {"comment": "x"}, version=None).status_code == 428
    assert lucia.delete(path(client, dislike), version=None).status_code == 428
    stale = lucia.patch(path(client, dislike), {"comment": "x"}, version=9)
    assert (stale.status_code, stale.json["version"]) == (412, 1)
    reader = clients.signed_in("clients.read")
    assert reader.get(path(client)).status_code == 200
    assert reader.post(path(client), {"service_id": str(PEELING)}).status_code == 403
    assert reader.delete(path(client, dislike)).status_code == 403
    assert clients.anonymous().get(path(client)).status_code == 401
