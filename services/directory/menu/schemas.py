"""The shapes of a service on offer."""

from shared import iso
from shared.api.fields import Shape, Text, Version, between, fields, validate
from shared.words import Words

CURRENCY = validate.OneOf(iso.currencies(), error=Words("This is no currency, as EUR is one."))
MOST = 100_000_000
PRICES = validate.Length(max=500)
DURATION = between(1, 24 * 60)
NAME = {"examples": ["Manicura"]}


class Price(Shape):
    branch_id = fields.UUID(required=True)
    amount = fields.Integer(
        required=True,
        strict=True,
        validate=between(0, MOST),
        metadata={"description": "in minor units of the currency"},
    )
    currency = fields.String(required=True, validate=CURRENCY)


class ServiceFields(Shape):
    name = Text(150, metadata=NAME)
    category = Text(100)
    duration_minutes = fields.Integer(strict=True, validate=DURATION)
    prices = fields.List(fields.Nested(Price), validate=PRICES)
    active = fields.Boolean()


class NewService(ServiceFields):
    name = Text(150, required=True, metadata=NAME)
    category = Text(100, required=True)
    duration_minutes = fields.Integer(required=True, strict=True, validate=DURATION)
    prices = fields.List(fields.Nested(Price), load_default=list, validate=PRICES)
    active = fields.Boolean(load_default=True)


class Service(ServiceFields):
    id = fields.UUID(required=True)
    version = Version()
