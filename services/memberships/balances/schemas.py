"""The shapes of account balances over HTTP."""

from services.memberships.balances.models import KINDS
from services.memberships.fields import Amount, Currency, shown_amount
from shared.api.fields import Shape, Text, fields, validate

BY_HAND = ("added", "subtracted")


class NewMovement(Shape):
    kind = fields.String(required=True, validate=validate.OneOf(BY_HAND))
    amount = Amount(required=True)
    currency = Currency(required=True)
    description = Text(500, required=True)
    branch_id = fields.UUID(required=True, metadata={"description": "where it is done; the currency is the branch's"})


class BalanceMovement(Shape):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    amount = shown_amount(description="what it added, in minor units; negative when it took")
    balance = shown_amount(description="after it, in minor units")
    currency = fields.String(required=True)
    description = fields.String(required=True)
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True, metadata={"description": "the cause, of the system's"})
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class Balance(Shape):
    currency = fields.String(required=True)
    amount = shown_amount(description="in minor units; above zero the chain owes it to the client")


class Balances(Shape):
    client_id = fields.UUID(required=True)
    balances = fields.List(fields.Nested(Balance), required=True)
    items = fields.List(
        fields.Nested(BalanceMovement), required=True, metadata={"description": "the log, newest first"}
    )
    next_cursor = fields.String(required=True, allow_none=True)
