"""The shapes of reports over HTTP."""

from services.memberships.fields import shown_amount
from shared.api.fields import QueryWhole, Shape, between, fields, validate


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


class Months(Shape):
    months = QueryWhole(
        load_default=12, validate=between(1, 36), metadata={"description": "how many, this one among them"}
    )
    branch_id = fields.UUID(load_default=None)


class OfAMonth(Shape):
    month = fields.Date(required=True, metadata={"description": "its first day, as the branch counts days"})
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True)


class MonthOfRevenue(OfAMonth):
    currency = fields.String(required=True)
    taken = shown_amount(description="by card and at the desk, in minor units")
    refunded = shown_amount(description="given back in that month, in minor units")
    lost = shown_amount(description="to disputes that ended in that month, in minor units")
    payments = fields.Integer(required=True, strict=True)


class Revenue(Shape):
    items = fields.List(fields.Nested(MonthOfRevenue), required=True)


class MonthOfDunning(OfAMonth):
    currency = fields.String(required=True)
    due = shown_amount(description="what fell due in that month, in minor units")
    failed = shown_amount(description="of it, what a card refused at least once, in minor units")
    recovered = shown_amount(description="of that, what was paid all the same, in minor units")
    open = shown_amount(description="what is still unpaid, in minor units")
    written_off = shown_amount()


class Dunning(Shape):
    items = fields.List(fields.Nested(MonthOfDunning), required=True)


class MonthOfMembers(OfAMonth):
    won = fields.Integer(required=True, strict=True)
    lost = fields.Integer(required=True, strict=True)
    members = fields.Integer(required=True, strict=True, metadata={"description": "at the end of the month"})


class Members(Shape):
    items = fields.List(fields.Nested(MonthOfMembers), required=True)


STUCK = ("needs_client", "waits_for_card", "gave_up", "unpaid", "unknown", "refund_failed", "disputed")


class StuckPayment(Shape):
    what = fields.String(required=True, validate=validate.OneOf(STUCK))
    due_id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True)
    client_name = fields.String(required=True, allow_none=True)
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True)
    amount = shown_amount()
    currency = fields.String(required=True)
    period = fields.Integer(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    since = fields.AwareDateTime(required=True)


class Stuck(Shape):
    items = fields.List(fields.Nested(StuckPayment), required=True)
