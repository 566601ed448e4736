"""Messages through the doors: what events call for, what is sent once, and what is not sent at all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.conftest import CARLOS, MADRID, MARIA, MASSAGE, MIAMI, deliver_all, told
from shared import clock
from shared.contracts import bookings, documents, memberships, notifications
from shared.events.envelope import decode
from shared.ids import new_id


def paid(client=MARIA, branch=MADRID, **more):
    ids = {"id": str(new_id()), "client_id": str(client), "payer_id": str(client), "branch_id": str(branch)}
    return ids | more


def test_a_receipt_says_the_amount_as_the_client_writes_money(notifications):
    notifications.deliver(memberships.PAYMENT_SUCCEEDED, paid(amount=123456))
    notifications.deliver(memberships.PAYMENT_SUCCEEDED, paid(CARLOS, MIAMI, amount=123456, currency="USD"))
    deliver_all(notifications)
    spanish, english = (told(notifications, client, "receipt", "email") for client in (MARIA, CARLOS))
    assert "1.234,56 €" in spanish["body"]
    assert "28 de febrero de 2026 al 30 de marzo de 2026" in spanish["body"] or "Importe" in spanish["body"]
    assert "$1,234.56" in english["body"]
    assert (spanish["state"], english["state"]) == ("delivered", "delivered")


def test_one_event_that_comes_twice_is_one_message_and_two_failed_attempts_are_two(notifications):
    failed = paid(attempt=1)
    event = notifications.deliver(memberships.PAYMENT_FAILED, failed)
    notifications.deliver(memberships.PAYMENT_FAILED, failed)
    notifications.deliver(memberships.PAYMENT_FAILED, failed | {"attempt": 2})
    assert event.type == memberships.PAYMENT_FAILED.type
    keys = notifications.rows("SELECT business_key FROM messages WHERE type = 'payment_failed' AND channel = 'email'")
    assert len(keys) == 2


def test_a_failed_payment_tells_of_the_next_attempt_and_leads_to_another_card(notifications):
    notifications.deliver(memberships.PAYMENT_FAILED, paid(next_attempt_at="2026-03-01T07:00:00+00:00"))
    deliver_all(notifications)
    body = told(notifications, MARIA, "payment_failed", "email")["body"]
    assert "1 de marzo de 2026" in body
    assert "/portal/cards" in body


def test_what_is_older_than_its_greatest_age_is_not_sent_and_says_why(notifications, travel_to):
    now = clock.now()
    travel_to(now + timedelta(hours=1))
    event = encoded(memberships.PAYMENT_SUCCEEDED, paid())
    travel_to(now + timedelta(hours=26))
    notifications.deliver_body(event)
    assert set(notifications.rows("SELECT DISTINCT state, reason FROM messages")) == {("suppressed", "stale")}
    deliver_all(notifications)
    assert notifications.emitted(notifications_sent()) == []


def test_what_was_imported_makes_no_message(notifications):
    notifications.deliver_body(encoded(memberships.MEMBERSHIP_STARTED, paid(), channel="import"))
    assert notifications.rows("SELECT count(*) FROM messages") == [0]


def test_a_cancelled_appointment_withdraws_its_reminder_before_it_goes(notifications):
    soon = (clock.now() + timedelta(days=2)).isoformat()
    visit: dict[str, Any] = {"client_id": str(MARIA), "branch_id": str(MADRID), "starts_at": soon}
    visit |= {"services": [{"service_id": str(MASSAGE), "quantity": 1}]}
    notifications.deliver(bookings.APPOINTMENT_BOOKED, visit)
    notifications.deliver(bookings.APPOINTMENT_CANCELLED, visit)
    states = "SELECT DISTINCT state FROM messages WHERE type = :type"
    assert notifications.rows(states, type="appointment_booked") == ["withdrawn"]
    deliver_all(notifications)
    assert "withdrawn" in notifications.rows(states, type="appointment_booked")
    assert told(notifications, MARIA, "appointment_cancelled", "email")["state"] == "delivered"


def test_a_lock_screen_shows_no_treatment_and_no_amount(notifications):
    soon = (clock.now() + timedelta(days=2)).isoformat()
    visit: dict[str, Any] = {"client_id": str(MARIA), "branch_id": str(MADRID), "starts_at": soon}
    visit |= {"services": [{"service_id": str(MASSAGE), "quantity": 1}]}
    notifications.deliver(bookings.APPOINTMENT_BOOKED, visit)
    notifications.deliver(memberships.PAYMENT_SUCCEEDED, paid(amount=4900))
    deliver_all(notifications)
    pushes = notifications.rows("SELECT body FROM messages WHERE channel = 'push' AND body IS NOT NULL")
    assert pushes
    assert not any(word in body.lower() for body in pushes for word in ("masaje", "49,00", "49.00"))  # 10:49 is a time


def test_events_of_messages_hold_no_body_address_or_number(notifications):
    notifications.deliver(memberships.PAYMENT_FAILED, paid())
    deliver_all(notifications)
    said = str([event.data for event in notifications.emitted()])
    assert "@" not in said
    assert "+34" not in said
    assert "María" not in said


def test_a_message_by_hand_goes_out_once_for_its_key(lucia, notifications):
    given = {"client_id": str(MARIA), "channel": "sms", "text": "Tu crema ha llegado."}
    key = str(new_id())
    first = lucia.post("/api/v1/notifications/messages", given, key=key)
    again = lucia.post("/api/v1/notifications/messages", given, key=key)
    assert (first.status_code, again.json["id"]) == (201, first.json["id"])
    deliver_all(notifications)
    seen = lucia.get(f"/api/v1/notifications/messages/{first.json['id']}").json
    assert (seen["state"], seen["body"]) == ("delivered", "Tu crema ha llegado.")
    listed = lucia.get(f"/api/v1/notifications/messages?client_id={MARIA}").json["items"]
    assert [each["id"] for each in listed] == [first.json["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": ""}, "text"), ({"channel": "fax"}, "channel"), ({"channel": "email"}, "title")],
)
def test_a_message_by_hand_that_cannot_be_written_names_the_field(lucia, notifications, wrong, field):
    given = {"client_id": str(MARIA), "channel": "sms", "text": "Hola"} | wrong
    answer = lucia.post("/api/v1/notifications/messages", given)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert notifications.rows("SELECT count(*) FROM messages") == [0]


def test_a_one_time_link_is_handed_over_and_kept_nowhere(notifications):
    machine = notifications.signed_in("directory.sessions.open")
    link = "http://127.0.0.1:8000/portal/enter/abcdef"
    given = {"client_id": str(MARIA), "channel": "email", "link": link, "code": "123456"}
    assert machine.post("/api/v1/notifications/messages/sign-in", given, key=None).status_code == 202
    deliver_all(notifications)
    assert told(notifications, MARIA, "sign_in_link", "email")["state"] == "delivered"
    assert "abcdef" not in str(notifications.rows("SELECT to_jsonb(messages) FROM messages"))
    elsewhere = machine.post(
        "/api/v1/notifications/messages/sign-in", given | {"link": "https://evil.example/"}, key=None
    )
    assert elsewhere.status_code == 422


def encoded(contract, data, channel="api"):
    from shared.actor import Context
    from shared.events.envelope import encode

    context = Context(actor="service:memberships", channel=channel, correlation_id="1")
    _, body = encode(contract, subject=new_id(), version=1, data={**contract.example, **data}, context=context)
    assert decode(body).channel == channel
    return body


def notifications_sent():
    return notifications.MESSAGE_SENT


def test_a_form_calls_for_a_message_and_a_reminder_two_days_later_that_its_completion_takes_back(
    notifications,
):
    form = {"id": str(UUID(int=77)), "client_id": str(MARIA), "due_at": None}
    notifications.deliver(documents.FORM_ASSIGNED, form, subject=UUID(int=77))
    rows = notifications.rows("SELECT type, channel, due_at > now() + interval '1 day' FROM messages ORDER BY 1, 2")
    found = [tuple(row) for row in rows]
    assert {each[:2] for each in found} == {
        (type, channel) for type in ("form_assigned", "form_reminder") for channel in ("email", "push", "sms")
    }
    assert {each[0] for each in found if each[2]} == {"form_reminder"}
    notifications.deliver(documents.FORM_COMPLETED, form, subject=UUID(int=77), version=2)
    assert set(notifications.rows("SELECT DISTINCT state FROM messages")) == {"withdrawn"}


def test_a_document_that_is_shown_calls_for_a_message_once(notifications):
    shown = {"id": str(UUID(int=78)), "client_id": str(MARIA), "visible_to_client": True}
    notifications.deliver(documents.DOCUMENT_ADDED, shown | {"visible_to_client": False}, subject=UUID(int=78))
    assert notifications.rows("SELECT 1 FROM messages") == []
    notifications.deliver(documents.DOCUMENT_SHOWN, shown, subject=UUID(int=78), version=2)
    notifications.deliver(documents.DOCUMENT_SHOWN, shown, subject=UUID(int=78), version=4)
    assert sorted(notifications.rows("SELECT channel FROM messages")) == ["email", "push"]
