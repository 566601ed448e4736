"""Quiet hours, caps, defaults and senders over HTTP."""

import pytest

from services.notifications.conftest import CARLOS, MADRID, MARIA, MIAMI, UNKNOWN, ask
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/settings"


def test_a_branch_has_its_own_over_the_chains_over_the_defaults(notifications: ServiceUnderTest, lucia: Caller) -> None:
    chain = lucia.put(ROOT, {"marketing_most": 5, "sender": {"from": "Chain <hi@chain.example>"}})
    assert chain.json["in_force"]["opens"] == "08:00"
    own = {"defaults": {"transaction": {"sms": False}}, "sender": {"number": "+1 305 555 0100"}}
    made = lucia.put(f"{ROOT}/{MIAMI}", own, version=0)
    assert made.status_code == 200, made.json
    holds = made.json["in_force"]
    assert (holds["marketing_most"], holds["defaults"]["transaction"]["sms"]) == (5, False)
    assert holds["sender"] == {"from": "Chain <hi@chain.example>", "number": "+13055550100"}
    assert made.json["own"]["sender"] == {"number": "+13055550100"}
    assert ask(notifications, CARLOS, "transaction", "sms") == "preference"
    assert ask(notifications, MARIA, "transaction", "sms") is None
    assert lucia.put(f"{ROOT}/{MIAMI}", {}, version=0).status_code == 412
    assert lucia.get(f"{ROOT}/{UNKNOWN}").status_code == 404


def test_an_email_is_of_the_branchs_own_sender(notifications: ServiceUnderTest, lucia: Caller) -> None:
    from services.notifications.delivery import claiming

    lucia.put(f"{ROOT}/{MADRID}", {"sender": {"from": "Salamanca <hola@salamanca.example>"}})
    given = {"client_id": str(MARIA), "channel": "email", "title": "Hola", "text": "Hola"}
    lucia.post("/api/v1/notifications/messages", given)
    with notifications.database.transaction() as session:
        (claimed,) = claiming.claim(session, notifications.config, "email", repeats=True)
    assert claimed.outgoing.sender == {"from": "Salamanca <hola@salamanca.example>"}
    assert (claimed.outgoing.unsubscribe or "").startswith(f"{notifications.config.base_url}/portal/u/")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"opens": "8"}, "opens"),
        ({"opens": "21:00", "closes": "20:00"}, "closes"),
        ({"closes": "24:01"}, "closes"),
        ({"marketing_most": -1}, "marketing_most"),
        ({"marketing_days": 0}, "marketing_days"),
        ({"defaults": {"marketing": {"sms": True}}}, "defaults"),
        ({"sender": {"from": "nobody"}}, "sender"),
        ({"sender": {"number": "12"}}, "sender"),
        ({"sender": {"reply_to": "a@"}}, "sender"),
    ],
)
def test_bad_settings_are_named_and_change_nothing(given: dict, field: str, lucia: Caller) -> None:
    before = lucia.get(ROOT).json
    answer = lucia.put(ROOT, given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(ROOT).json == before


def test_who_keeps_one_branch_keeps_no_other_and_not_the_chain(notifications: ServiceUnderTest) -> None:
    emily = notifications.signed_in("messages.settings.write", "preferences.read", branches=[MIAMI])
    assert emily.put(f"{ROOT}/{MIAMI}", {"closes": "20:00"}).status_code == 200
    assert emily.put(f"{ROOT}/{MADRID}", {"closes": "20:00"}).status_code == 403
    assert emily.put(ROOT, {"closes": "20:00"}).status_code == 403
