"""The shapes of a quote over HTTP."""

from typing import Any

from marshmallow import Schema, missing

from services.memberships.quotes.act import ACTS
from shared.api.fields import Shape, fields, validate


def question() -> type[Shape]:
    """What is asked: an act, and what any act takes. Which of it this one needs, the act's own shape says."""
    taken: dict[str, Any] = {}
    for act in ACTS.values():
        taken |= {name: _optional(act.inputs, name) for name in act.inputs._declared_fields}
    names = fields.String(required=True, validate=validate.OneOf(sorted(ACTS)))
    return Shape.from_dict({"act": names, **taken}, name="QuoteWanted")  # type: ignore[return-value]


def _optional(shape: type[Schema], name: str) -> Any:
    """The field as the act declares it, but not needed: other acts do without it."""
    field = shape().fields[name]
    field.required, field.load_default = False, missing
    return field


class QuoteLine(Shape):
    kind = fields.String(required=True)
    text = fields.String(required=True, metadata={"description": "in the reader's language"})
    quantity = fields.Integer(required=True)
    net = fields.Integer(required=True)
    tax = fields.Integer(required=True)
    gross = fields.Integer(required=True, metadata={"description": "above zero the client pays"})
    tax_rate = fields.String(required=True)


class Quote(Shape):
    id = fields.UUID(required=True)
    act = fields.String(required=True)
    membership_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    currency = fields.String(required=True)
    lines = fields.List(fields.Nested(QuoteLine), required=True)
    amount = fields.Integer(
        required=True, metadata={"description": "asked for at once; below zero it goes to the client's balance"}
    )
    dates = fields.Dict(keys=fields.String(), required=True, metadata={"description": "by name, what happens when"})
    more = fields.Dict(keys=fields.String(), required=True, metadata={"description": "what else this act shows"})
    needs = fields.List(fields.String(), required=True, metadata={"description": "permissions asked for besides"})
    versions = fields.Dict(keys=fields.String(), required=True, metadata={"description": "it was made from these"})
    made_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class NamesAQuote(Shape):
    """An act that was shown by a quote, and now is done."""

    quote_id = fields.UUID(required=True)
