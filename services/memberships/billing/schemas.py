"""The shapes of billing over HTTP."""

from shared.api.fields import Shape, fields, validate
from shared.api.pages import PageQuery


class CatchUpQuery(PageQuery):
    state = fields.String(validate=validate.OneOf(["waiting", "confirmed"]))


class Total(Shape):
    currency = fields.String(required=True)
    memberships = fields.Integer(required=True)
    periods = fields.Integer(required=True)
    skipped = fields.Integer(required=True, metadata={"description": "of the periods: frozen, without an invoice"})
    amount = fields.Integer(required=True, metadata={"description": "in minor units"})


class CatchUp(Shape):
    id = fields.UUID(required=True)
    off_since = fields.AwareDateTime(required=True)
    found_at = fields.AwareDateTime(required=True)
    totals = fields.List(fields.Nested(Total), required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "confirmed"]))
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    confirmed_by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
