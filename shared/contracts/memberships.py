"""The events of the memberships service: plans, memberships, payments, credits, gift cards, cards, balances.

A payment is what is owed on a day, with all attempts at it: a period of a membership, a fee, a plan change.
Money is in the currency's minor units. Reasons and notes that people wrote stay in the audit.
"""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.contract import PERSONAL, Contract, Payload
from shared.contracts.platform import erasure_completed

PLAN = "0197a3c4-5a00-7000-8000-000000000301"
OTHER_PLAN = "0197a3c4-5a00-7000-8000-000000000302"
MEMBERSHIP = "0197a3c4-5a00-7000-8000-000000000303"
PAYMENT = "0197a3c4-5a00-7000-8000-000000000304"
CREDIT = "0197a3c4-5a00-7000-8000-000000000305"
HOLD = "0197a3c4-5a00-7000-8000-000000000306"
GIFT_CARD = "0197a3c4-5a00-7000-8000-000000000307"
CARD = "0197a3c4-5a00-7000-8000-000000000308"
CLIENT = "0197a3c4-5a00-7000-8000-000000000001"
BRANCH = "0197a3c4-5a00-7000-8000-00000000000b"
EMPLOYEE = "0197a3c4-5a00-7000-8000-00000000000e"
SERVICE = "0197a3c4-5a00-7000-8000-000000000005"


def _amount(**more: Any) -> fields.Integer:
    return fields.Integer(required=True, strict=True, metadata={"description": "in the currency's minor units"}, **more)


def _number(**more: Any) -> fields.Integer:
    return fields.Integer(required=True, strict=True, **more)


# --- plans


class Plan(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    terms_number = _number(metadata={"description": "the version of the terms that new members get"})
    price = _amount()
    currency = fields.String(required=True)
    interval_unit = fields.String(required=True, validate=validate.OneOf(["week", "month", "year"]))
    interval_count = _number()
    branch_ids = fields.List(fields.UUID(), required=True, metadata={"description": "that sell it; empty for all"})
    active = fields.Boolean(required=True)


_plan = {
    "id": PLAN,
    "name": "Mensual Facial",
    "terms_number": 2,
    "price": 4900,
    "currency": "EUR",
    "interval_unit": "month",
    "interval_count": 1,
    "branch_ids": [],
    "active": True,
}

PLAN_PUBLISHED = Contract(
    "memberships.plan.published.v1",
    Plan,
    "A plan is new, has new terms, another name or other branches, or is no longer sold.",
    _plan,
)
PLAN_STATED = Contract("memberships.plan.stated.v1", Plan, "A plan as of now, for copies to be filled.", _plan)


# --- memberships


class Membership(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    payer_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    terms_number = _number()
    employee_id = fields.UUID(required=True, allow_none=True, metadata={"description": "who sold it"})
    currency = fields.String(required=True)
    starts_on = fields.Date(required=True)
    next_period = _number()
    next_payment_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day without it"})
    lifecycle = fields.String(required=True, validate=validate.OneOf(["pending", "trial", "active", "frozen", "ended"]))
    standing = fields.String(required=True, validate=validate.OneOf(["good", "past_due", "suspended"]))
    collection = fields.String(
        required=True, validate=validate.OneOf(["none", "retrying", "needs_client", "waits_for_card", "gave_up"])
    )


_membership = {
    "id": MEMBERSHIP,
    "client_id": CLIENT,
    "payer_id": CLIENT,
    "branch_id": BRANCH,
    "plan_id": PLAN,
    "terms_number": 2,
    "employee_id": EMPLOYEE,
    "currency": "EUR",
    "starts_on": "2026-01-31",
    "next_period": 3,
    "next_payment_on": "2026-03-31",
    "ends_on": None,
    "lifecycle": "active",
    "standing": "good",
    "collection": "none",
}


def _membership_event(what: str, description: str, payload: type[Payload] = Membership, **more: Any) -> Contract:
    return Contract(f"memberships.membership.{what}.v1", payload, description, _membership | more)


class MembershipUpdated(Membership):
    changed = fields.List(fields.String(), required=True)


class Renewed(Membership):
    payment_id = fields.UUID(required=True)
    period = _number()
    period_starts_on = fields.Date(required=True)
    period_ends_on = fields.Date(required=True, metadata={"description": "the first day after it"})


class RenewalUpcoming(Membership):
    amount = _amount()


class Frozen(Membership):
    freeze_id = fields.UUID(required=True)
    mode = fields.String(required=True, validate=validate.OneOf(["skip_payments", "shift_payments", "stop_everything"]))
    frozen_from = fields.Date(required=True)
    frozen_until = fields.Date(required=True, metadata={"description": "the first day after it"})


class PlanChanged(Membership):
    previous_plan_id = fields.UUID(required=True)
    previous_terms_number = _number()


class CancellationScheduled(Membership):
    fee = _amount()
    waived = fields.Boolean(required=True)


MEMBERSHIP_STARTED = _membership_event("started", "A client has become a member, as of `starts_on`.")
MEMBERSHIP_UPDATED = _membership_event(
    "updated", "The card, the next payment date or the note was changed.", MembershipUpdated, changed=["card_id"]
)
MEMBERSHIP_RENEWED = _membership_event(
    "renewed",
    "A period is paid, by whatever means: benefits go on, and its credits are issued.",
    Renewed,
    payment_id=PAYMENT,
    period=2,
    period_starts_on="2026-02-28",
    period_ends_on="2026-03-31",
)
MEMBERSHIP_RENEWAL_UPCOMING = _membership_event(
    "renewal_upcoming", "The next payment comes in a few days, as the policy says.", RenewalUpcoming, amount=4900
)
MEMBERSHIP_PAST_DUE = _membership_event("past_due", "A payment is missing.", standing="past_due", collection="retrying")
MEMBERSHIP_SUSPENDED = _membership_event(
    "suspended", "Payments are missing for so long that benefits are withheld.", standing="suspended"
)
MEMBERSHIP_REACTIVATED = _membership_event("reactivated", "Nothing is missing any more.")
MEMBERSHIP_FROZEN = _membership_event(
    "frozen",
    "A freeze has begun, or its days have changed.",
    Frozen,
    lifecycle="frozen",
    freeze_id=HOLD,
    mode="shift_payments",
    frozen_from="2026-03-10",
    frozen_until="2026-04-10",
)
MEMBERSHIP_UNFROZEN = _membership_event("unfrozen", "A freeze is over.")
MEMBERSHIP_PLAN_CHANGED = _membership_event(
    "plan_changed",
    "The member has another plan, or other terms of the same.",
    PlanChanged,
    previous_plan_id=OTHER_PLAN,
    previous_terms_number=1,
)
MEMBERSHIP_CANCELLATION_SCHEDULED = _membership_event(
    "cancellation_scheduled",
    "The membership will end on `ends_on`; a fee of 0 with `waived` is one that was let go.",
    CancellationScheduled,
    ends_on="2026-04-30",
    fee=9800,
    waived=False,
)
MEMBERSHIP_CANCELLATION_WITHDRAWN = _membership_event("cancellation_withdrawn", "The membership goes on after all.")
MEMBERSHIP_CANCELLED = _membership_event(
    "cancelled", "The membership has ended by a cancellation.", lifecycle="ended", next_payment_on=None
)
MEMBERSHIP_EXPIRED = _membership_event(
    "expired", "The membership has ended because its periods are over.", lifecycle="ended", next_payment_on=None
)
MEMBERSHIP_STATED = _membership_event("stated", "A membership as of now, for copies to be filled.")


# --- payments

KINDS = ["period", "cancellation_fee", "freeze_fee", "unfreeze", "plan_change", "gift_card"]


class Payment(Payload):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata={"x-open": True})
    membership_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True)
    payer_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    employee_id = fields.UUID(required=True, allow_none=True, metadata={"description": "who sold it"})
    period = _number(allow_none=True)
    period_starts_on = fields.Date(required=True, allow_none=True)
    period_ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day after it"})
    due_on = fields.Date(required=True)
    invoice_number = fields.String(required=True)
    amount = _amount()
    currency = fields.String(required=True)


_payment = {
    "id": PAYMENT,
    "kind": "period",
    "membership_id": MEMBERSHIP,
    "client_id": CLIENT,
    "payer_id": CLIENT,
    "branch_id": BRANCH,
    "employee_id": EMPLOYEE,
    "period": 2,
    "period_starts_on": "2026-02-28",
    "period_ends_on": "2026-03-31",
    "due_on": "2026-02-28",
    "invoice_number": "M-000017",
    "amount": 4900,
    "currency": "EUR",
}


def _payment_event(what: str, description: str, payload: type[Payload], **more: Any) -> Contract:
    return Contract(f"memberships.payment.{what}.v1", payload, description, _payment | more)


class Taken(Payment):
    attempt = _number()
    card_brand = fields.String(required=True)
    card_last_four = fields.String(required=True, metadata=PERSONAL)


class Failed(Taken):
    category = fields.String(
        required=True,
        validate=validate.OneOf(["try_again", "ask_client", "another_card"]),
        metadata={"description": "what helps"},
    )
    code = fields.String(required=True, metadata={"description": "why, as a code that is the same for all gateways"})
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True)
    action_required = fields.Boolean(required=True, metadata={"description": "nothing goes on without the client"})


class ActionRequired(Taken):
    pass


class Settled(Payment):
    tender = fields.String(
        required=True, validate=validate.OneOf(["cash", "terminal", "transfer", "balance", "written_off", "nothing"])
    )


class Refunded(Payment):
    refund_id = fields.UUID(required=True)
    refund_amount = _amount()
    refunded = _amount()
    destination = fields.String(required=True, validate=validate.OneOf(["card", "balance"]))
    state = fields.String(required=True, validate=validate.OneOf(["under_way", "succeeded", "failed"]))


class Disputed(Payment):
    dispute_id = fields.UUID(required=True)
    disputed_amount = _amount()
    state = fields.String(required=True, validate=validate.OneOf(["open", "won", "lost"]))


_card = {"attempt": 1, "card_brand": "visa", "card_last_four": "4242"}

PAYMENT_SUCCEEDED = _payment_event("succeeded", "A card has paid.", Taken, **_card)
PAYMENT_FAILED = _payment_event(
    "failed",
    "An attempt has failed; `next_attempt_at` is when the next is made by itself.",
    Failed,
    **_card,
    category="try_again",
    code="insufficient_funds",
    next_attempt_at="2026-03-01T07:00:00+00:00",
    action_required=False,
)
PAYMENT_ACTION_REQUIRED = _payment_event(
    "action_required", "The bank asks the client to confirm; nothing is tried until they did.", ActionRequired, **_card
)
PAYMENT_SETTLED = _payment_event(
    "settled", "Paid at the desk, by the balance, written off, or nothing was to be paid.", Settled, tender="cash"
)
PAYMENT_REFUNDED = _payment_event(
    "refunded",
    "Money goes back; `refunded` is the sum of all that went or is on its way.",
    Refunded,
    refund_id=HOLD,
    refund_amount=4900,
    refunded=4900,
    destination="card",
    state="succeeded",
)
PAYMENT_DISPUTED = _payment_event(
    "disputed",
    "The client's bank takes a payment back, or has decided on it.",
    Disputed,
    dispute_id=HOLD,
    disputed_amount=4900,
    state="open",
)


# --- credits


class Credit(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    source = fields.String(required=True, validate=validate.OneOf(["membership", "service_credit"]))
    membership_id = fields.UUID(required=True, allow_none=True)
    service_id = fields.UUID(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    quantity = _number()
    available = _number()
    held = _number()
    used = _number()
    lapsed = _number()
    status = fields.String(required=True, validate=validate.OneOf(["active", "suspended", "expired", "withdrawn"]))
    expires_on = fields.Date(required=True, allow_none=True)


_credit = {
    "id": CREDIT,
    "client_id": CLIENT,
    "branch_id": BRANCH,
    "source": "membership",
    "membership_id": MEMBERSHIP,
    "service_id": SERVICE,
    "category": None,
    "quantity": 2,
    "available": 2,
    "held": 0,
    "used": 0,
    "lapsed": 0,
    "status": "active",
    "expires_on": "2026-03-31",
}


def _credit_event(what: str, description: str, **more: Any) -> Contract:
    return Contract(f"memberships.credit.{what}.v1", Credit, description, _credit | more)


class CreditMoved(Credit):
    hold_id = fields.UUID(required=True)
    moved = _number()


def _hold_event(what: str, description: str, **more: Any) -> Contract:
    example = _credit | {"hold_id": HOLD, "moved": 1} | more
    return Contract(f"memberships.credit.{what}.v1", CreditMoved, description, example)


CREDIT_ISSUED = _credit_event("issued", "A paid period or a purchase has earned credits.")
CREDIT_HELD = _hold_event("held", "Credits are kept for an appointment.", available=1, held=1)
CREDIT_USED = _hold_event("used", "The appointment took place.", available=1, used=1)
CREDIT_RELEASED = _hold_event("released", "The appointment did not take place.")
CREDIT_EXPIRED = _credit_event("expired", "What was left has lapsed.", available=0, lapsed=2, status="expired")
CREDIT_CHANGED = _credit_event("changed", "A person has changed the status or the expiry.", expires_on="2026-06-30")
CREDIT_STATED = _credit_event("stated", "Credits as of now, for copies to be filled.")


# --- gift cards


class GiftCard(Payload):
    id = fields.UUID(required=True)
    last_four = fields.String(required=True)
    buyer_id = fields.UUID(required=True, allow_none=True)
    holder_id = fields.UUID(required=True, allow_none=True)
    branch_id = fields.UUID(required=True)
    employee_id = fields.UUID(required=True, allow_none=True)
    amount = _amount()
    balance = _amount()
    currency = fields.String(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(["awaits_payment", "active", "blocked", "expired", "refunded"])
    )
    expires_on = fields.Date(required=True, allow_none=True)


class GiftCardMoved(GiftCard):
    movement_id = fields.UUID(required=True)
    moved = _amount()
    moved_at_branch_id = fields.UUID(required=True)


_gift_card = {
    "id": GIFT_CARD,
    "last_four": "7K2M",
    "buyer_id": CLIENT,
    "holder_id": None,
    "branch_id": BRANCH,
    "employee_id": EMPLOYEE,
    "amount": 10000,
    "balance": 10000,
    "currency": "EUR",
    "state": "active",
    "expires_on": "2029-03-01",
}


def _gift_card_event(what: str, description: str, moved: int, **more: Any) -> Contract:
    example = _gift_card | {"movement_id": HOLD, "moved": moved, "moved_at_branch_id": BRANCH} | more
    return Contract(f"memberships.gift_card.{what}.v1", GiftCardMoved, description, example)


GIFT_CARD_SOLD = _gift_card_event("sold", "A gift card is paid, and can be used.", 10000)
GIFT_CARD_REDEEMED = _gift_card_event("redeemed", "A till took some of it.", -2500, balance=7500)
GIFT_CARD_REVERSED = _gift_card_event("reversed", "A till gave back what it took.", 2500)
GIFT_CARD_REFUNDED = _gift_card_event(
    "refunded", "What was left was given back; it is not taken any more.", -10000, balance=0, state="refunded"
)
GIFT_CARD_ADJUSTED = _gift_card_event("adjusted", "A person set it right by hand.", 500, balance=10500)
GIFT_CARD_BLOCKED = _gift_card_event("blocked", "No till takes it for now.", 0, state="blocked")
GIFT_CARD_UNBLOCKED = _gift_card_event("unblocked", "It is taken again.", 0)
GIFT_CARD_EXTENDED = _gift_card_event("extended", "It is taken for longer.", 0, expires_on="2030-03-01")
GIFT_CARD_EXPIRED = _gift_card_event("expired", "Its day has come.", -10000, balance=0, state="expired")
GIFT_CARD_STATED = Contract(
    "memberships.gift_card.stated.v1", GiftCard, "A gift card as of now, for copies to be filled.", _gift_card
)


# --- cards on file


class Card(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    brand = fields.String(required=True)
    last_four = fields.String(required=True, metadata=PERSONAL)
    exp_month = _number()
    exp_year = _number()
    is_default = fields.Boolean(required=True)


class CardExpiring(Card):
    days = _number(metadata={"description": "until its last day: 30, 15 or 7"})


_card_on_file = {
    "id": CARD,
    "client_id": CLIENT,
    "brand": "visa",
    "last_four": "4242",
    "exp_month": 8,
    "exp_year": 2028,
    "is_default": True,
}

CARD_ADDED = Contract("memberships.card.added.v1", Card, "A card is on file.", _card_on_file)
CARD_UPDATED = Contract(
    "memberships.card.updated.v1", Card, "Its expiry, its place or the default has changed.", _card_on_file
)
CARD_EXPIRING = Contract(
    "memberships.card.expiring.v1",
    CardExpiring,
    "A card that pays something expires soon.",
    _card_on_file | {"days": 30},
)
CARD_REMOVED = Contract("memberships.card.removed.v1", Card, "A card is no longer on file.", _card_on_file)


# --- balances


class BalanceAdjusted(Payload):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    movement_id = fields.UUID(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(["added", "subtracted", "credited", "spent", "refunded"])
    )
    moved = _amount()
    balance = _amount()
    currency = fields.String(required=True)
    branch_id = fields.UUID(required=True, metadata={"description": "where it was moved"})


BALANCE_ADJUSTED = Contract(
    "memberships.balance.adjusted.v1",
    BalanceAdjusted,
    "The account balance of a client in a currency has changed.",
    {
        "id": GIFT_CARD,
        "client_id": CLIENT,
        "movement_id": HOLD,
        "kind": "added",
        "moved": 2000,
        "balance": 2000,
        "currency": "EUR",
        "branch_id": BRANCH,
    },
)

ERASURE_COMPLETED = erasure_completed("memberships")
