"""What is never written to: by hand, and by what people answer."""

import pytest

from services.notifications.conftest import (
    CARLOS,
    MARIA,
    UNKNOWN,
    address_of,
    ask,
    by_hand,
    deliver,
    state_of,
    switch,
)
from services.notifications.suppressions.keywords import command
from services.notifications.suppressions.stopping import start, stop
from shared.contracts.notifications import PREFERENCES_CHANGED
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/suppressions"
NUMBER = "+34612345678"
"""Of both clients of the tests."""


def answer(service: ServiceUnderTest, word: str) -> None:
    with service.database.transaction() as session:
        (stop if command(word) == "stop" else start)(session, NUMBER)


@pytest.mark.parametrize("word", ["STOP", "stop.", " Baja ", "ALTO", "Párar", "cancelar", "CANCELÁR!"])
def test_every_word_for_stop_is_known_whatever_its_case_and_accents(word: str) -> None:
    assert command(word) == "stop"


@pytest.mark.parametrize("word", ["", "no", "stop it please", "no quiero parar", "Hola"])
def test_what_is_more_than_the_word_is_an_answer_for_staff(word: str) -> None:
    assert command(word) is None


def test_stop_switches_sms_off_for_all_kinds_and_every_client_with_the_number(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    switch(notifications, MARIA, "marketing", "sms", on=True)
    switch(notifications, MARIA, "service", "sms", on=False)
    waiting = by_hand(notifications, "sms")
    answer(notifications, "STOP")
    deliver(notifications, "sms")
    assert state_of(notifications, waiting) == ("suppressed", "suppressed")
    for client_id in (MARIA, CARLOS):
        assert {ask(notifications, client_id, kind, "sms") for kind in ("appointment", "marketing", "contract")} == {
            "suppressed"
        }
        assert ask(notifications, client_id, "appointment", "email") is None
        found = lucia.get(f"/api/v1/notifications/preferences/{client_id}").json
        assert not any(each["on"] for each in found["switches"] if each["channel"] == "sms")
        assert next(each["suppressed"] for each in found["points"] if each["channel"] == "sms") == "stop"
    said = notifications.emitted(PREFERENCES_CHANGED)[-2:]
    assert {event.subject for event in said} == {str(MARIA), str(CARLOS)}
    assert {event.data["source"] for event in said} == {"stop"}
    history = lucia.get(f"/api/v1/notifications/preferences/{MARIA}/history").json["items"]
    assert {each["kind"] for each in history if each["source"] == "stop"} == {
        "appointment", "package", "marketing", "transaction", "contract",
    }  # fmt: skip


def test_start_brings_back_what_was_on_and_marketing_never(notifications: ServiceUnderTest, lucia: Caller) -> None:
    switch(notifications, MARIA, "marketing", "sms", on=True)
    switch(notifications, MARIA, "service", "sms", on=False)
    for word in ("Baja", "BAJA", "START", "start"):
        answer(notifications, word)
    assert ask(notifications, MARIA, "appointment", "sms") is None
    assert ask(notifications, MARIA, "service", "sms") == "preference"
    assert ask(notifications, MARIA, "marketing", "sms") == "preference"
    assert ask(notifications, MARIA, "package", "sms", promotional=True) == "no_consent"
    assert switch(notifications, MARIA, "marketing", "sms", on=True).status_code == 200


def test_a_stop_is_about_the_number_and_outlives_whoever_had_it(notifications: ServiceUnderTest, lucia: Caller) -> None:
    answer(notifications, "ALTO")
    (found,) = lucia.get(ROOT).json["items"]
    assert (found["channel"], found["reason"], found["address_masked"]) == ("sms", "stop", "+34 ••• 78")
    assert NUMBER not in str(notifications.rows("SELECT to_jsonb(s) FROM suppressions s"))
    refused = lucia.post(f"{ROOT}/{found['id']}/lift", {"reason": "They said so at the desk"})
    assert (refused.status_code, "START" in refused.json["detail"]) == (409, True)
    on = switch(notifications, CARLOS, "marketing", "sms", on=True)
    assert on.status_code == 422


def test_an_address_is_kept_off_by_hand_found_by_all_of_it_and_let_in_with_a_reason(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    given = {"channel": "email", "address": "Maria@Example.com", "note": "She asked us to"}
    made = lucia.post(ROOT, given)
    assert (made.status_code, made.json["by_name"], made.json["address_masked"]) == (
        201, "Lucía Ortega", "M•••@example.com",
    )  # fmt: skip
    assert lucia.post(ROOT, given).json["id"] == made.json["id"]
    assert ask(notifications, MARIA, "contract", "email") == "suppressed"
    assert [each["id"] for each in lucia.get(ROOT, query_string={"address": "maria@example.com"}).json["items"]] == [
        made.json["id"]
    ]
    assert lucia.get(ROOT, query_string={"address": "maria"}).json["items"] == []
    assert lucia.post(f"{ROOT}/{made.json['id']}/lift", {}).status_code == 422
    lifted = lucia.post(f"{ROOT}/{made.json['id']}/lift", {"reason": "She asked to hear from us again"})
    assert (lifted.status_code, lifted.json["lift_reason"]) == (200, "She asked to hear from us again")
    assert lucia.post(f"{ROOT}/{made.json['id']}/lift", {"reason": "again"}).status_code == 409
    assert ask(notifications, MARIA, "contract", "email") is None
    assert [each["id"] for each in lucia.get(ROOT, query_string={"lifted": "true"}).json["items"]] == [made.json["id"]]


def test_a_suppression_holds_for_an_address_that_comes_back_with_another_client(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    lucia.post(ROOT, {"channel": "email", "address": "new@example.com"})
    assert ask(notifications, MARIA, "transaction", "email") is None
    address_of(notifications, MARIA, email="new@example.com")
    assert ask(notifications, MARIA, "transaction", "email") == "suppressed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "email", "address": "nobody"}, "address"),
        ({"channel": "sms", "address": "612345678"}, "address"),
        ({"channel": "push", "address": "x"}, "channel"),
        ({"channel": "sms"}, "address"),
    ],
)
def test_a_bad_address_is_named(given: dict, field: str, lucia: Caller) -> None:
    refused = lucia.post(ROOT, given)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_suppressions_are_kept_by_who_may(notifications: ServiceUnderTest) -> None:
    reader = notifications.signed_in("preferences.read")
    assert reader.get(ROOT).status_code == 200
    assert reader.post(ROOT, {"channel": "sms", "address": NUMBER}).status_code == 403
    assert reader.post(f"{ROOT}/{UNKNOWN}/lift", {"reason": "x"}).status_code == 403
    writer = notifications.signed_in("messages.suppressions.write")
    assert writer.post(f"{ROOT}/{UNKNOWN}/lift", {"reason": "x"}).status_code == 404
