"""The shapes of a freeze over HTTP."""

from shared.api.fields import Shape, fields


class Freeze(Shape):
    id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True)
    mode = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "the first day after it"})
    fee = fields.Integer(required=True, metadata={"description": "in minor units"})
    fee_per = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "planned, running, over, withdrawn"})
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
