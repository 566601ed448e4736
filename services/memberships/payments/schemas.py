"""The shapes of payments over HTTP."""

from marshmallow import validate

from services.memberships.payments.models import ATTEMPT_STATES
from shared.api.fields import Shape, fields

KINDS = ("attempt", "settlement", "refund", "dispute")


class Process(Shape):
    period = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 100_000),
        metadata={"description": "that the button showed"},
    )


class ChosenCard(Shape):
    card_id = fields.UUID(required=True)


class Happened(Shape):
    id = fields.UUID(required=True)
    payment_id = fields.UUID(required=True)
    payment_kind = fields.String(required=True, metadata={"description": "period, or which fee"})
    period = fields.Integer(required=True, allow_none=True)
    invoice_number = fields.String(required=True, allow_none=True)
    amount = fields.Integer(required=True, metadata={"description": "in minor units; below zero it goes back"})
    currency = fields.String(required=True)
    card_brand = fields.String(required=True, allow_none=True)
    card_last_four = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True, metadata={"description": "who started it"})
    state = fields.String(required=True)
    state_said = fields.String(required=True, metadata={"description": "the state, in the reader's language"})
    code = fields.String(required=True, allow_none=True, metadata={"description": "why, as the gateway says it"})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "why, in the reader's language"})
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class Activity(Happened):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    at = fields.AwareDateTime(required=True)
    attempt = fields.Integer(required=True, allow_none=True, metadata={"description": "the how manieth at its payment"})
    tender = fields.String(required=True, allow_none=True, metadata={"description": "card, cash, …, or where it goes"})
    client_url = fields.String(required=True, allow_none=True, metadata={"description": "where the client confirms it"})


class Attempt(Happened):
    state = fields.String(required=True, validate=validate.OneOf(ATTEMPT_STATES))
    attempt = fields.Integer(required=True)
    membership_id = fields.UUID(required=True, allow_none=True)
    plan_name = fields.String(required=True, allow_none=True)
    client_url = fields.String(required=True, allow_none=True, metadata={"description": "where the client confirms it"})
    is_open = fields.Boolean(required=True, metadata={"description": "its outcome is not known yet: ask again"})
    created_at = fields.AwareDateTime(required=True)


class Payment(Shape):
    """A payment with the attempt that is on its way, if there is one."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    membership_id = fields.UUID(required=True, allow_none=True)
    period = fields.Integer(required=True, allow_none=True)
    period_starts_on = fields.Date(required=True, allow_none=True)
    period_ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day after it"})
    due_on = fields.Date(required=True)
    invoice_number = fields.String(required=True, allow_none=True)
    amount = fields.Integer(required=True)
    currency = fields.String(required=True)
    state = fields.String(required=True)
    tender = fields.String(required=True, allow_none=True)
    refunded = fields.Integer(required=True)
    attempt = fields.Nested(Attempt, required=True, allow_none=True)


class PaymentRefund(Shape):
    id = fields.UUID(required=True)
    payment_id = fields.UUID(required=True)
    amount = fields.Integer(required=True)
    currency = fields.String(required=True)
    destination = fields.String(required=True, validate=validate.OneOf(["card", "balance"]))
    state = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
