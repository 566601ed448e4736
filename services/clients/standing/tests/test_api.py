"""Status and the appointment black list over HTTP."""

import pytest

from services.clients.conftest import UNKNOWN, Register
from shared.contracts.clients import CLIENT_BOOKING_BLOCK_CHANGED, CLIENT_STATUS_CHANGED
from shared.testing.service import Caller, ServiceUnderTest

VIP = "00000000-0000-7000-8000-000000000a02"
ACTIVE = "00000000-0000-7000-8000-000000000a01"


def path(client: dict, what: str) -> str:
    return f"/api/v1/clients/{client['id']}/{what}"


def test_a_status_is_given_with_a_reason_that_only_the_audit_keeps(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    answer = lucia.put(path(client, "status"), {"status_id": VIP, "reason": "Ten years with us"}, version=1)
    assert (answer.status_code, answer.json["status"]["name"], answer.json["version"]) == (200, "VIP", 2)
    (event,) = clients.emitted(CLIENT_STATUS_CHANGED)
    assert (event.version, event.data) == (2, {"status_id": VIP, "previous_status_id": ACTIVE})
    newest = lucia.get(path(client, "changes")).json["items"][0]
    assert newest["changes"] == {"status_id": [ACTIVE, VIP]}
    assert (newest["reason"], newest["actor_name"]) == ("Ten years with us", "Lucía Ortega")


def test_the_black_list_shows_why_who_and_when(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    client = register()
    given = {"blocked": True, "reason": "Missed three appointments"}
    answer = lucia.put(path(client, "booking-block"), given, version=1)
    block = answer.json["booking_block"]
    assert (block["blocked"], block["reason"], block["by"]) == (True, "Missed three appointments", "Lucía Ortega")
    assert block["at"].startswith("20")
    (event,) = clients.emitted(CLIENT_BOOKING_BLOCK_CHANGED)
    assert event.data == {"blocked": True}
    assert lucia.get(f"/api/v1/clients/{client['id']}").json == answer.json


def test_who_is_taken_off_the_black_list_has_no_block_left(lucia: Caller, register: Register) -> None:
    client = register()
    lucia.put(path(client, "booking-block"), {"blocked": True, "reason": "No-shows"})
    answer = lucia.put(path(client, "booking-block"), {"blocked": False, "reason": "They paid"})
    assert answer.json["booking_block"] == {"blocked": False, "reason": None, "by": None, "at": None}
    assert lucia.get(path(client, "changes")).json["items"][0]["reason"] == "They paid"


def test_the_same_again_is_no_change(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    client = register()
    for _ in range(2):
        status = lucia.put(path(client, "status"), {"status_id": VIP, "reason": "x"})
        block = lucia.put(path(client, "booking-block"), {"blocked": True, "reason": "x"})
    assert (status.json["version"], block.json["version"]) == (3, 3)
    assert len(clients.emitted()) == 3


@pytest.mark.parametrize(
    ("what", "given", "field"),
    [
        ("status", {"status_id": str(UNKNOWN), "reason": "x"}, "status_id"),
        ("status", {"status_id": 7, "reason": "x"}, "status_id"),
        ("status", {"status_id": VIP}, "reason"),
        ("status", {"status_id": VIP, "reason": " "}, "reason"),
        ("status", {"status_id": VIP, "reason": "x" * 501}, "reason"),
        ("status", {"status_id": VIP, "reason": "x", "by": "me"}, "by"),
        ("booking-block", {"blocked": True}, "reason"),
        ("booking-block", {"blocked": "yes", "reason": "x"}, "blocked"),
        ("booking-block", {"blocked": 1, "reason": "x"}, "blocked"),
        ("booking-block", {"reason": "x"}, "blocked"),
    ],
)
def test_bad_input_is_named_by_field_and_changes_nothing(
    what: str, given: dict, field: str, lucia: Caller, register: Register
) -> None:
    client = register()
    answer = lucia.put(path(client, what), given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(f"/api/v1/clients/{client['id']}").json == client


def test_a_retired_status_is_not_given(lucia: Caller, register: Register) -> None:
    lucia.patch(f"/api/v1/clients/statuses/{VIP}", {"active": False})
    answer = lucia.put(path(register(), "status"), {"status_id": VIP, "reason": "x"})
    assert answer.json["errors"] == {"status_id": ["This status is no longer in use."]}


@pytest.mark.parametrize(
    ("what", "given"),
    [("status", {"status_id": VIP, "reason": "x"}), ("booking-block", {"blocked": True, "reason": "x"})],
)
def test_both_ask_for_the_version_and_for_their_own_permission(
    what: str, given: dict, clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    assert lucia.put(path(client, what), given, version=None).status_code == 428
    assert lucia.put(path(client, what), given, version=7).status_code == 412
    assert clients.signed_in("clients.read", "clients.write").put(path(client, what), given).status_code == 403
    assert clients.anonymous().put(path(client, what), given).status_code == 401
    assert lucia.put(path({"id": UNKNOWN}, what), given).status_code == 404
