"""Booking checks over HTTP."""

import pytest
from sqlalchemy import text

from services.clients.conftest import CUT, MADRID, PEELING, UNKNOWN, Register
from shared.testing.service import Caller, ServiceUnderTest

CHECKS = "/api/v1/clients/booking-checks"


def check(client_id: object, *services: object, channel: str = "online") -> dict:
    ids = [str(service) for service in services]
    return {"client_id": str(client_id), "service_ids": ids, "channel": channel, "branch_id": str(MADRID)}


@pytest.fixture
def maria(lucia: Caller, register: Register) -> str:
    """Who must not be booked for a peeling."""
    client = register()
    lucia.post(f"/api/v1/clients/{client['id']}/dislikes", {"service_id": str(PEELING)})
    return client["id"]


def black_list(lucia: Caller, client_id: str) -> None:
    lucia.put(f"/api/v1/clients/{client_id}/booking-block", {"blocked": True, "reason": "No-shows"})


def test_a_client_may_book_what_nothing_stands_against(maria: str, lucia: Caller) -> None:
    answer = lucia.post(CHECKS, check(maria, CUT))
    assert (answer.status_code, answer.json) == (200, {"decision": "allow", "reasons": []})


@pytest.mark.parametrize("channel", ["online", "staff"])
def test_a_disliked_service_is_denied_on_every_channel_by_its_name(channel: str, maria: str, lucia: Caller) -> None:
    answer = lucia.post(CHECKS, check(maria, CUT, PEELING, channel=channel)).json
    assert answer["decision"] == "deny"
    message = "Peeling químico cannot be booked: the client does not want it."
    assert answer["reasons"] == [{"code": "service_disliked", "service_id": str(PEELING), "message": message}]


def test_on_the_black_list_online_means_wait_list_and_staff_may_book(maria: str, lucia: Caller) -> None:
    black_list(lucia, maria)
    online = lucia.post(CHECKS, check(maria, CUT)).json
    assert (online["decision"], online["reasons"][0]["code"]) == ("wait_list_only", "wait_list_only")
    assert lucia.post(CHECKS, check(maria, CUT, channel="staff")).json == {"decision": "allow", "reasons": []}
    assert lucia.post(CHECKS, check(maria, PEELING)).json["decision"] == "deny"


def test_an_archived_or_unknown_client_is_denied(clients: ServiceUnderTest, maria: str, lucia: Caller) -> None:
    assert lucia.post(CHECKS, check(UNKNOWN, CUT)).json["reasons"][0]["code"] == "client_unknown"
    with clients.database.transaction() as session:
        session.execute(text("UPDATE clients SET archived_at = now() WHERE id = :id"), {"id": maria})
    answer = lucia.post(CHECKS, check(maria, CUT)).json
    assert (answer["decision"], answer["reasons"][0]["code"]) == ("deny", "client_archived")


def test_many_are_answered_in_their_order(maria: str, lucia: Caller, register: Register) -> None:
    other = register()["id"]
    black_list(lucia, other)
    checks = [check(maria, PEELING), check(other, CUT), check(maria, CUT), check(UNKNOWN, CUT)]
    answer = lucia.post(CHECKS, {"checks": checks}).json
    assert [one["decision"] for one in answer["results"]] == ["deny", "wait_list_only", "allow", "deny"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_of_a_black_list_in_any_language(
    language: str, maria: str, clients: ServiceUnderTest, lucia: Caller
) -> None:
    black_list(lucia, maria)
    booking = clients.signed_in("bookings.check", kind="machine", language=language)
    said = [booking.post(CHECKS, check(maria, service)).get_data(as_text=True).casefold() for service in (CUT, PEELING)]
    for words in ("black list", "blacklist", "lista negra", "no-shows"):
        assert words not in "".join(said)
    assert ("no se puede reservar" in said[1]) == (language == "es")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"channel": None}, "channel"),
        ({"client_id": "maria"}, "client_id"),
        ({"service_ids": str(CUT)}, "service_ids"),
        ({"service_ids": ["cut"]}, "service_ids"),
        ({"service_ids": [str(CUT)] * 51}, "service_ids"),
        ({"branch_id": 7}, "branch_id"),
        ({"time": "now"}, "time"),
        ({"checks": []}, "client_id"),
        ({"checks": [{}] * 201}, "checks"),
    ],
)
def test_bad_input_is_named_by_field(given: dict, field: str, maria: str, lucia: Caller) -> None:
    answer = lucia.post(CHECKS, check(maria, CUT) | given)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_what_is_no_check_at_all_is_refused(lucia: Caller) -> None:
    assert lucia.post(CHECKS, []).status_code == 422
    assert lucia.post(CHECKS, data="client=maria").status_code == 415
    assert lucia.post(CHECKS, data=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert lucia.post(CHECKS, {"checks": "all"}).status_code == 422


def test_only_who_may_asks(clients: ServiceUnderTest, maria: str) -> None:
    assert clients.signed_in("clients.read").post(CHECKS, check(maria, CUT)).status_code == 403
    assert clients.anonymous().post(CHECKS, check(maria, CUT)).status_code == 401
