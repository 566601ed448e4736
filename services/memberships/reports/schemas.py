"""The shapes of reports over HTTP."""

from services.memberships.fields import shown_amount
from shared.api.fields import Shape, fields


class AsOf(Shape):
    as_of = fields.Date(
        load_default=None, metadata={"description": "the end of that day in each branch; by default today"}
    )
    branch_id = fields.UUID(load_default=None)


class Liability(Shape):
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True)
    currency = fields.String(required=True)
    credits = fields.Integer(required=True, strict=True, metadata={"description": "how many can still be claimed"})
    credits_value = shown_amount(
        description="of those that periods earned: each the same part of what its period cost, in minor units"
    )
    gift_cards = shown_amount(description="left on those that the branch sold, in minor units")
    balances = shown_amount(
        description="moved at the branch, in minor units; negative where more was spent than was added"
    )


class Liabilities(Shape):
    as_of = fields.Date(required=True)
    items = fields.List(fields.Nested(Liability), required=True)
