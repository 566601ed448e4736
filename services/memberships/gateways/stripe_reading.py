"""What Stripe's objects and events mean in the port's words. Pure: plain dicts in, as they come over the wire.

States as of docs.stripe.com/payments/paymentintents/lifecycle, /refunds and /disputes.
"""

from collections.abc import Mapping
from typing import Any

from services.memberships.gateways.port import (
    DisputeOutcome,
    DisputeState,
    Kind,
    Outcome,
    RefundOutcome,
    RefundState,
    Said,
    SavedCard,
    State,
)

Object = Mapping[str, Any]

STATES: dict[str, State] = {
    "requires_confirmation": "requires_confirmation",
    "requires_action": "needs_client",
    "processing": "processing",
    "requires_capture": "processing",
    "succeeded": "succeeded",
    "canceled": "void",
}
"""`requires_payment_method` is what is left: the card was declined, or the bank wants the client."""
REFUNDS: dict[str, RefundState] = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
DISPUTES: dict[str, DisputeState] = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}
"""All else is still to be decided."""
KINDS: tuple[tuple[str, str, Kind], ...] = (
    ("payment_intent.", "payment_intent", "charge"),
    ("refund.", "refund", "refund"),
    ("charge.refund.", "refund", "refund"),
    ("charge.dispute.", "dispute", "dispute"),
    ("payment_method.", "payment_method", "card"),
)
"""An event's type begins so, and speaks of such an object."""


def outcome(intent: Object) -> Outcome:
    """Of a PaymentIntent."""
    state = STATES.get(intent["status"], "declined")
    error = intent.get("last_payment_error") or {}
    code = (error.get("decline_code") or error.get("code") or "generic_decline") if state == "declined" else None
    if code == "authentication_required":
        state = "needs_client"  # off session the bank cannot ask; the client is asked by `ask_client`
    taken = intent.get("amount_received", intent["amount"])
    redirect = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return Outcome(intent["id"], state, code, redirect.get("url"), taken if state == "succeeded" else 0)


def refund(found: Object) -> RefundOutcome:
    state = REFUNDS.get(found["status"], "processing")
    return RefundOutcome(found["id"], state, found["payment_intent"], found["amount"], found.get("failure_reason"))


def dispute(found: Object) -> DisputeOutcome:
    return DisputeOutcome(
        gateway_id=found["id"],
        state=DISPUTES.get(found["status"], "open"),
        charge_id=found["payment_intent"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        reason=found.get("reason"),
    )


def card(method: Object, customer: str) -> SavedCard:
    """Of a PaymentMethod."""
    details = method["card"]
    return SavedCard(
        token=method["id"],
        customer=customer,
        brand=details["brand"],
        last_four=details["last4"],
        exp_month=details["exp_month"],
        exp_year=details["exp_year"],
    )


def said(account: str, event: Object) -> list[Said]:
    """Where an event says to look; nothing for the many that do not concern us."""
    found = event["data"]["object"]
    for prefix, of, kind in KINDS:
        if str(event["type"]).startswith(prefix) and found.get("object") == of:
            return [Said(account, event["id"], kind, found["id"])]
    return []
