"""The shapes of what is owed over HTTP."""

from services.memberships.dues.models import KINDS, STATES
from shared.api.fields import Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery, page_of

DESK_TENDERS = ("cash", "terminal", "transfer", "balance")


class DueQuery(PageQuery):
    membership_id = fields.UUID()
    client_id = fields.UUID()
    branch_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(STATES))


class Due(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    membership_id = fields.UUID(required=True, allow_none=True)
    gift_card_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True)
    client_name = fields.String(required=True, allow_none=True)
    payer_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    employee_id = fields.UUID(required=True, allow_none=True, metadata={"description": "who sold it"})
    number = fields.Integer(required=True, allow_none=True, metadata={"description": "of the period"})
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day after the period"})
    due_on = fields.Date(required=True)
    invoice_id = fields.UUID(required=True, allow_none=True)
    invoice_number = fields.String(required=True, allow_none=True)
    amount = fields.Integer(required=True, metadata={"description": "in minor units"})
    from_balance = fields.Integer(
        required=True,
        metadata={"description": "what the balance had paid of the invoice before the rest was asked for"},
    )
    currency = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    attempts = fields.Integer(required=True)
    retry_at = fields.AwareDateTime(required=True, allow_none=True)
    tender = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    refunded = fields.Integer(required=True)
    raised_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


Dues = page_of(Due, "Dues")


class Settlement(Shape):
    tender = fields.String(required=True, validate=validate.OneOf(DESK_TENDERS))
    amount = fields.Integer(
        required=True,
        strict=True,
        validate=between(0, 2**53 - 1),
        metadata={
            "description": "the whole of what is owed, in minor units: so that nobody settles what they did not see"
        },
    )
    reference = Text(
        100, load_default=None, allow_none=True, metadata={"description": "what the till or the bank calls it"}
    )


class WriteOff(Shape):
    reason = Text(500, required=True)
