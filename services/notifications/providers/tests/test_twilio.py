"""SMS against a real HTTP peer: nobody is told more than the promise says, whatever is lost on the way."""

from datetime import timedelta

import pytest
from twilio.request_validator import RequestValidator

from services.notifications.conftest import MARIA, by_hand, deliver, state_of
from services.notifications.providers.tests.conftest import TOKEN
from shared import clock
from shared.contracts import notifications as said

HERE = "/api/v1/notifications/providers/twilio"
OUTSIDE = "http://127.0.0.1:8000"


def tell(service, path, token=TOKEN, **form):
    """What Twilio posts, signed as it signs."""
    signature = RequestValidator(token).compute_signature(OUTSIDE + path, form)
    headers = {"X-Twilio-Signature": signature}
    return service.anonymous().post(path, data=form, headers=headers, key=None)


def test_an_sms_is_sent_and_its_callbacks_never_bring_it_back(by_twilio, sms_company):
    message_id = by_hand(by_twilio, "sms", text="Hola")
    deliver(by_twilio, "sms")
    (sent,) = sms_company.messages
    assert (sent["body"], state_of(by_twilio, message_id)) == ("Hola", ("sent", None))
    for status in ("sent", "delivered", "sent", "undelivered"):
        answer = tell(by_twilio, f"{HERE}/status/{message_id}", MessageSid=sent["sid"], MessageStatus=status)
        assert answer.status_code == 200
    assert state_of(by_twilio, message_id)[0] in ("delivered", "failed")
    assert len(by_twilio.emitted(said.MESSAGE_DELIVERED)) == 1


def test_a_callback_that_comes_before_the_answer_counts(by_twilio, sms_company):
    message_id = by_hand(by_twilio, "sms")
    sms_company.trouble = ["lost"]
    deliver(by_twilio, "sms")
    assert state_of(by_twilio, message_id) == ("unknown", "no_answer")
    sid = sms_company.messages[0]["sid"]
    tell(by_twilio, f"{HERE}/status/{message_id}", MessageSid=sid, MessageStatus="delivered")
    assert state_of(by_twilio, message_id)[0] == "delivered"


def test_an_unknown_outcome_is_looked_up_in_the_provider_s_list_before_anything_is_sent_again(
    by_twilio, sms_company, travel_to
):
    message_id = by_hand(by_twilio, "sms")
    sms_company.trouble = ["lost"]
    deliver(by_twilio, "sms")
    travel_to(clock.now() + timedelta(minutes=9))
    deliver(by_twilio, "sms")
    assert state_of(by_twilio, message_id)[0] == "unknown"
    travel_to(clock.now() + timedelta(minutes=2))
    deliver(by_twilio, "sms")
    assert state_of(by_twilio, message_id)[0] == "sent"
    assert len(sms_company.messages) == 1


def test_what_the_provider_never_had_is_sent_once_more_and_no_more(by_twilio, sms_company, travel_to):
    message_id = by_hand(by_twilio, "sms")
    sms_company.trouble = ["unheard", "unheard"]
    for _ in range(5):
        deliver(by_twilio, "sms")
        travel_to(clock.now() + timedelta(minutes=11))
    assert sms_company.trouble == []
    assert (state_of(by_twilio, message_id)[0], sms_company.messages) == ("unknown", [])


def test_marketing_without_an_outcome_is_never_sent_again(by_twilio, sms_company, travel_to, agreed):
    agreed(by_twilio, MARIA, "sms")
    message_id = by_hand(by_twilio, "sms", kind="marketing")
    sms_company.trouble = ["unheard"]
    for _ in range(3):
        deliver(by_twilio, "sms")
        travel_to(clock.now() + timedelta(minutes=11))
    assert (state_of(by_twilio, message_id)[0], sms_company.messages) == ("unknown", [])


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ("400:21610", ("failed", "stop")),
        ("400:21211", ("bounced", "twilio_21211")),
        ("400:21617", ("failed", "twilio_21617")),
    ],
)
def test_what_the_provider_refuses_ends_at_once(by_twilio, sms_company, trouble, state):
    message_id = by_hand(by_twilio, "sms")
    sms_company.trouble = [trouble]
    deliver(by_twilio, "sms")
    assert (state_of(by_twilio, message_id), sms_company.messages) == (state, [])


def test_a_provider_that_limits_is_left_alone_for_as_long_as_it_asks(by_twilio, sms_company, travel_to):
    ids = [by_hand(by_twilio, "sms") for _ in range(3)]
    sms_company.trouble = ["429"]
    deliver(by_twilio, "sms")
    travel_to(clock.now() + timedelta(seconds=5))
    deliver(by_twilio, "sms")
    assert sms_company.messages == []
    for _ in range(3):
        travel_to(clock.now() + timedelta(seconds=3))
        deliver(by_twilio, "sms")
    assert {state_of(by_twilio, each)[0] for each in ids} == {"sent"}
    assert len(sms_company.messages) == 3


def test_a_reply_is_kept_once_for_staff(by_twilio, sms_company):
    message_id = by_hand(by_twilio, "sms")
    deliver(by_twilio, "sms")
    number = sms_company.messages[0]["to"]
    for _ in range(2):
        answer = tell(by_twilio, f"{HERE}/replies", MessageSid="SM1", From=number, Body="¿Puedo ir a las 5?")
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    lucia = by_twilio.signed_in("messages.read")
    (kept,) = lucia.get(f"/api/v1/notifications/replies?client_id={MARIA}").json["items"]
    assert (kept["body"], kept["message_id"]) == ("¿Puedo ir a las 5?", message_id)
    assert len(by_twilio.emitted(said.MESSAGE_REPLIED)) == 1


@pytest.mark.parametrize("path", [f"{HERE}/replies", f"{HERE}/status/0197a3c4-5a00-7000-8000-000000000001"])
def test_what_carries_no_good_signature_changes_nothing(by_twilio, path):
    assert tell(by_twilio, path, token="another", From="+34600111222", Body="STOP", MessageSid="SM1").status_code == 403
    assert by_twilio.anonymous().post(path, data={"Body": "STOP"}, key=None).status_code == 403
    assert by_twilio.rows("SELECT count(*) FROM replies") == [0]
