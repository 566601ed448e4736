"""The question over HTTP, and in the transaction that acts on the answer."""

import threading
from datetime import timedelta

from services.notifications.checks.question import Asked, answers
from services.notifications.conftest import CARLOS, MARIA, UNKNOWN, ask, by_hand, deliver, state_of, switch
from shared import clock
from shared.testing.eventually import eventually
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/checks"
SETTINGS = "/api/v1/notifications/settings"


def advertise(service: ServiceUnderTest, count: int, channel: str = "email") -> list[tuple[str, str | None]]:
    sent = [by_hand(service, channel, kind="marketing") for _ in range(count)]
    deliver(service, channel)
    return [state_of(service, message_id) for message_id in sent]


def test_many_are_asked_at_once_and_answered_in_their_order(notifications: ServiceUnderTest, lucia: Caller) -> None:
    switch(notifications, MARIA, "service", "sms", on=False)
    asked = [
        {"client_id": str(client_id), "kind": kind, "channel": channel, "urgent": True}
        for client_id, kind, channel in (
            (MARIA, "service", "sms"),
            (CARLOS, "service", "sms"),
            (UNKNOWN, "service", "sms"),
            (MARIA, "marketing", "push"),
        )
    ]
    found = lucia.post(ROOT, {"asked": asked * 250})
    reasons = [each["reason"] for each in found.json["answers"]]
    assert reasons == ["preference", None, "unknown_client", "no_consent"] * 250
    assert lucia.post(ROOT, {"asked": asked * 251}).status_code == 422
    assert lucia.post(ROOT, {"asked": []}).status_code == 422


def test_what_is_too_old_or_was_told_already_does_not_go(notifications: ServiceUnderTest) -> None:
    old = (clock.now() - timedelta(hours=25)).isoformat()
    assert ask(notifications, MARIA, "appointment", "sms", happened_at=old) == "stale"
    message_id = by_hand(notifications, "email")
    (key,) = notifications.rows("SELECT business_key FROM messages WHERE id = :id", id=message_id)
    told = {"type": "quick", "business_key": key}
    assert ask(notifications, MARIA, "service", "email", **told) == "duplicate"
    assert ask(notifications, MARIA, "service", "sms", **told) is None


def test_no_client_is_advertised_to_more_often_than_the_cap_over_all_channels(
    notifications: ServiceUnderTest, lucia: Caller, agreed
) -> None:
    agreed(notifications, MARIA, "email")
    agreed(notifications, MARIA, "sms")
    states = advertise(notifications, 2) + advertise(notifications, 2, "sms")
    assert [state for state, _ in states] == ["delivered", "delivered", "delivered", "suppressed"]
    assert states[3][1] == "frequency_cap"
    assert ask(notifications, MARIA, "marketing", "email") == "frequency_cap"
    assert ask(notifications, MARIA, "transaction", "email") is None
    lucia.put(SETTINGS, {"opens": "00:00", "closes": "24:00", "marketing_most": 4})
    assert ask(notifications, MARIA, "marketing", "email") is None


def test_the_cap_holds_within_one_claim(notifications: ServiceUnderTest, agreed) -> None:
    agreed(notifications, MARIA, "email")
    states = advertise(notifications, 6)
    assert sorted(state for state, _ in states) == ["delivered"] * 3 + ["suppressed"] * 3


def test_two_clients_with_one_address_get_an_offer_once(notifications: ServiceUnderTest, agreed) -> None:
    agreed(notifications, MARIA, "email")
    agreed(notifications, CARLOS, "email")
    sent = [
        by_hand(notifications, "email", kind="marketing", client_id=str(client_id)) for client_id in (MARIA, CARLOS)
    ]
    with notifications.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE messages SET business_key = 'autumn'")
    deliver(notifications, "email")
    assert sorted(state_of(notifications, message_id) for message_id in sent) == [
        ("delivered", None), ("suppressed", "duplicate"),
    ]  # fmt: skip


def test_what_is_not_urgent_waits_for_the_morning_and_then_goes(notifications: ServiceUnderTest, lucia: Caller) -> None:
    now = clock.now()
    lucia.put(SETTINGS, {"opens": "08:00", "closes": "08:01"})
    with notifications.database.transaction() as session:
        asked = [
            Asked(MARIA, "transaction", "sms"),
            Asked(MARIA, "transaction", "email"),
            Asked(MARIA, "service", "sms", urgent=True),
        ]
        night = now.replace(hour=2)
        waits, email, urgent = answers(session, asked, notifications.config, now=night)
        later = answers(session, asked[:1], notifications.config, now=waits.not_before)
    assert (waits.reason, email.goes, urgent.goes, later[0].goes) == ("quiet_hours", True, True, True)


def test_nobody_changes_their_mind_between_the_answer_and_the_claim(notifications: ServiceUnderTest) -> None:
    """A change waits for the transaction that has asked: what is committed before is honoured, and nothing else is."""
    done = threading.Event()

    def change() -> None:
        switch(notifications, MARIA, "service", "sms", on=False)
        done.set()

    with notifications.database.transaction() as session:
        asked = [Asked(MARIA, "service", "sms", urgent=True)]
        assert answers(session, asked, notifications.config, lock=True)[0].goes
        thread = threading.Thread(target=change)
        thread.start()
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        eventually(lambda: notifications.rows(waiting)[0] == 1)
        assert not done.is_set()
        assert answers(session, asked, notifications.config)[0].goes
    thread.join(10)
    assert done.is_set()
    assert ask(notifications, MARIA, "service", "sms") == "preference"


def test_a_client_of_another_branch_is_unknown_where_branches_keep_their_clients(service_of) -> None:
    from services.notifications.conftest import MIAMI, furnish

    service = service_of("notifications", furnish, FOYER_CLIENTS_VISIBILITY="branch")
    emily = service.signed_in("preferences.read", branches=[MIAMI])
    for client_id, status in ((CARLOS, 200), (MARIA, 404)):
        asked = [{"client_id": str(client_id), "kind": "service", "channel": "sms"}]
        assert emily.post(ROOT, {"asked": asked}).status_code == status
