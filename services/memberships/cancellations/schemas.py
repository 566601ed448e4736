"""The shapes of a cancellation over HTTP."""

from services.memberships.cancellations.rules import AT
from shared.api.fields import Shape, fields, validate


class Asked(Shape):
    at = fields.String(load_default="period_end", validate=validate.OneOf(AT))


class Cancellation(Shape):
    id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "the first day without benefits"})
    fee = fields.Integer(required=True, metadata={"description": "as prices are, in minor units; 0 when waived"})
    waived = fields.Boolean(required=True)
    waive_reason = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "waiting, done, withdrawn"})
    created_at = fields.AwareDateTime(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
