"""RECORDED: what localstripe does not know, by objects in the shape of Stripe's API reference (2026-10-28), cut down to
what we read, and by events that the test signs itself. No Stripe was asked by these tests.
"""

import orjson
import pytest
import stripe as library

from services.memberships.gateways import stripe_reading as read
from services.memberships.gateways.declines import decline_of
from services.memberships.gateways.port import BadSignature, DisputeOutcome, Outcome, RefundOutcome, Said, SavedCard
from services.memberships.gateways.stripe_gateway import StripeGateway

SECRET = "whsec_of_a_test"
INTENT = {
    "id": "pi_3Q", "object": "payment_intent", "amount": 4900, "amount_received": 0, "currency": "eur",
    "status": "requires_payment_method", "next_action": None, "last_payment_error": None,
}  # fmt: skip
REFUND = {
    "id": "re_3Q", "object": "refund", "amount": 4900, "payment_intent": "pi_3Q", "status": "failed",
    "failure_reason": "lost_or_stolen_card",
}  # fmt: skip
DISPUTE = {
    "id": "du_1Q", "object": "dispute", "amount": 4900, "currency": "eur", "payment_intent": "pi_3Q",
    "reason": "fraudulent", "status": "needs_response",
}  # fmt: skip
CARD = {
    "id": "pm_1Q", "object": "payment_method", "customer": "cus_Q",
    "card": {"brand": "mastercard", "last4": "4444", "exp_month": 8, "exp_year": 2031},
}  # fmt: skip


def refused(code: str, decline_code: str | None) -> Outcome:
    error = {"type": "card_error", "code": code} | ({"decline_code": decline_code} if decline_code else {})
    return read.outcome(INTENT | {"last_payment_error": error})


@pytest.mark.parametrize(
    ("code", "decline_code", "category", "hard"),
    [
        ("card_declined", "insufficient_funds", "try_again", False),
        ("card_declined", "do_not_honor", "ask_client", False),
        ("card_declined", "stolen_card", "another_card", True),
        ("expired_card", None, "another_card", True),
        ("processing_error", None, "try_again", False),
        ("card_declined", "a_code_of_next_year", "ask_client", False),
    ],
)
def test_recorded_a_decline_is_told_by_its_own_code(code, decline_code, category, hard):
    found = refused(code, decline_code)
    meant = decline_of(found.code)
    assert (found.state, meant.category, meant.hard) == ("declined", category, hard)


def test_recorded_a_bank_that_wants_the_client_is_no_decline():
    found = refused("card_declined", "authentication_required")
    assert (found.state, found.client_url, found.captured) == ("needs_client", None, 0)


def test_recorded_the_bank_s_page_is_where_the_client_is_sent():
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.stripe.com/3d", "return_url": "x"}}
    found = read.outcome(INTENT | {"status": "requires_action", "next_action": action})
    assert (found.state, found.client_url) == ("needs_client", "https://hooks.stripe.com/3d")


@pytest.mark.parametrize(
    ("status", "state"), [("processing", "processing"), ("requires_capture", "processing"), ("canceled", "void")]
)
def test_recorded_what_is_not_settled_is_not_taken_for_a_decline(status, state):
    assert read.outcome(INTENT | {"status": status}).state == state


def test_recorded_what_was_captured_is_what_stripe_received():
    assert read.outcome(INTENT | {"status": "succeeded", "amount_received": 4900}).captured == 4900


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", "processing"), ("requires_action", "processing"), ("succeeded", "succeeded"),
        ("failed", "failed"), ("canceled", "failed"),
    ],
)  # fmt: skip
def test_recorded_a_refund_may_fail_later(status, state):
    found = read.refund(REFUND | {"status": status})
    assert found == RefundOutcome("re_3Q", state, "pi_3Q", 4900, "lost_or_stolen_card")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", "open"), ("under_review", "open"), ("warning_needs_response", "open"),
        ("warning_closed", "won"), ("won", "won"), ("lost", "lost"),
    ],
)  # fmt: skip
def test_recorded_a_dispute_is_open_until_it_is_decided(status, state):
    found = read.dispute(DISPUTE | {"status": status})
    assert found == DisputeOutcome("du_1Q", state, "pi_3Q", 4900, "EUR", "fraudulent")


def test_recorded_a_card_that_the_network_renewed():
    assert read.card(CARD, "cus_Q") == SavedCard("pm_1Q", "cus_Q", "mastercard", "4444", 8, 2031)


def signed(kind: str, found: dict[str, object], **when: int) -> tuple[dict[str, str], bytes]:
    """An event that the test signs itself, as Stripe would."""
    body = orjson.dumps({"id": "evt_1Q", "object": "event", "type": kind, "data": {"object": found}})
    return {"Stripe-Signature": library.WebhookSignature.generate_signature_header(body.decode(), SECRET, **when)}, body


@pytest.fixture
def gateway():
    return StripeGateway("madrid", "sk_test_of_nobody", SECRET, "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("kind", "found", "said"),
    [
        ("payment_intent.payment_failed", INTENT, ("charge", "pi_3Q")),
        ("payment_intent.requires_action", INTENT, ("charge", "pi_3Q")),
        ("refund.failed", REFUND, ("refund", "re_3Q")),
        ("charge.refund.updated", REFUND, ("refund", "re_3Q")),
        ("charge.dispute.created", DISPUTE, ("dispute", "du_1Q")),
        ("charge.dispute.closed", DISPUTE, ("dispute", "du_1Q")),
        ("payment_method.automatically_updated", CARD, ("card", "pm_1Q")),
    ],
)
def test_signed_here_an_event_says_where_to_look(gateway, kind, found, said):
    headers, body = signed(kind, found)
    assert gateway.read_webhook(headers, body) == [Said("madrid", "evt_1Q", *said)]


def test_signed_here_what_does_not_concern_us_is_taken_and_passed_over(gateway):
    assert gateway.read_webhook(*signed("charge.refunded", {"id": "ch_3Q", "object": "charge"})) == []
    assert gateway.read_webhook(*signed("invoice.paid", {"id": "in_1Q", "object": "invoice"})) == []


def test_signed_here_an_old_event_is_refused(gateway):
    with pytest.raises(BadSignature):
        gateway.read_webhook(*signed("refund.failed", REFUND, timestamp=1_000_000_000))


def test_signed_here_each_account_is_known_by_its_own_secret(service_of):
    service = service_of("memberships", FOYER_GATEWAY="stripe")
    for account, secret in (("madrid", SECRET), ("valencia", "whsec_of_another")):
        (service.config.secrets / f"stripe-key-{account}").write_text("sk_test_of_nobody")
        (service.config.secrets / f"stripe-webhook-{account}").write_text(secret)
    headers, body = signed("refund.failed", REFUND)
    for _ in range(2):
        answer = service.anonymous().request("POST", DOOR, data=body, headers=headers)
        assert answer.status_code == 200
    assert service.rows("SELECT account, kind, object_id FROM webhook_events") == [("madrid", "refund", "re_3Q")]
    assert service.anonymous().request("POST", DOOR, data=body + b" ", headers=headers).status_code == 403


DOOR = "/api/v1/memberships/webhooks/stripe"
