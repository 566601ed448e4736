"""The shapes of a branch."""

from shared import iso
from shared.api.fields import Shape, Text, Version, fields, validate
from shared.words import Words

COUNTRY = validate.OneOf(iso.countries(), error=Words("This is no country, as ES is one."))
TIME_ZONE = validate.OneOf(iso.time_zones(), error=Words("This is no time zone, as Europe/Madrid is one."))
CURRENCY = validate.OneOf(iso.currencies(), error=Words("This is no currency, as EUR is one."))
LANGUAGE = validate.OneOf(iso.languages(), error=Words("This is no language, as es is one."))
UNITS = ("kg", "lb")
NAME = {"examples": ["Salamanca"]}


class Address(Shape):
    lines = fields.List(Text(120), required=True, validate=validate.Length(max=4))
    locality = Text(120, load_default="", empty=True)
    region = Text(120, load_default="", empty=True)
    postal_code = Text(20, load_default="", empty=True)


class BranchFields(Shape):
    """What people say of a branch."""

    name = Text(100, metadata=NAME)
    address = fields.Nested(Address, allow_none=True)
    country = fields.String(validate=COUNTRY)
    time_zone = fields.String(validate=TIME_ZONE)
    currency = fields.String(validate=CURRENCY)
    language = fields.String(validate=LANGUAGE)
    weight_unit = fields.String(validate=validate.OneOf(UNITS))
    active = fields.Boolean()


class NewBranch(BranchFields):
    name = Text(100, required=True, metadata=NAME)
    address = fields.Nested(Address, allow_none=True, load_default=None)
    country = fields.String(required=True, validate=COUNTRY)
    time_zone = fields.String(required=True, validate=TIME_ZONE)
    currency = fields.String(required=True, validate=CURRENCY)
    language = fields.String(required=True, validate=LANGUAGE)
    weight_unit = fields.String(required=True, validate=validate.OneOf(UNITS))
    active = fields.Boolean(load_default=True)


class Branch(BranchFields):
    id = fields.UUID(required=True)
    version = Version()
