"""The shapes of a client over HTTP."""

from shared import iso
from shared.api.fields import Flag, QueryFlag, Shape, Text, Version, fields, validate
from shared.words import Words

NUMBER, ADDRESS, LINE = 40, 254, 120
"""Characters of a telephone number, an e-mail address and a line of a postal one, at most."""
FIRST_NAME = {"examples": ["María"]}
GENDERS = ("woman", "man", "non_binary", "other", "undisclosed")


COUNTRY = validate.OneOf(iso.countries(), error=Words("This is not a country code of two letters, like ES."))
LANGUAGE = validate.OneOf(iso.languages(), error=Words("This is not a language code of two letters, like es."))


class Phone(Shape):
    number = Text(NUMBER, required=True, metadata={"examples": ["+34 600 123 456"]})
    type = fields.String(load_default="mobile", validate=validate.OneOf(["mobile", "home", "work"]))
    primary = Flag(load_default=False)


class Email(Shape):
    address = Text(ADDRESS, required=True, metadata={"examples": ["maria@example.com"]})
    primary = Flag(load_default=False)


class Address(Shape):
    country_code = fields.String(required=True, validate=COUNTRY)
    lines = fields.List(
        Text(LINE), required=True, validate=validate.Length(max=4), metadata={"examples": [["Calle de Alcalá 1"]]}
    )
    locality = Text(100, load_default="", empty=True)
    region = Text(100, load_default="", empty=True)
    postal_code = Text(20, load_default="", empty=True)


class Details(Shape):
    """The contact details, as they are sent."""

    first_name = Text(100, metadata=FIRST_NAME)
    middle_name = Text(100, empty=True)
    last_name = Text(150, empty=True, metadata={"examples": ["López García"]})
    phones = fields.List(fields.Nested(Phone), validate=validate.Length(max=10))
    emails = fields.List(fields.Nested(Email), validate=validate.Length(max=10))
    address = fields.Nested(Address, allow_none=True)
    birth_date = fields.Date(allow_none=True, metadata={"examples": ["1988-05-17"]})
    gender = fields.String(allow_none=True, validate=validate.OneOf(GENDERS))
    gender_description = Text(60, empty=True)
    referral_method_id = fields.UUID(allow_none=True)
    referred_by_client_id = fields.UUID(allow_none=True)
    preferred_branch_id = fields.UUID(allow_none=True)
    language = fields.String(allow_none=True, validate=LANGUAGE)


class NewClient(Details):
    """What registers a client: a first name at least."""

    first_name = Text(100, required=True, metadata=FIRST_NAME)


class StatusOfClient(Shape):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    colour = fields.String(required=True)


class TagOfClient(StatusOfClient):
    """One of the chain's tags; the order is that of the chain's list."""


class BookingBlock(Shape):
    """The appointment black list: online the client may only join the wait list."""

    blocked = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
    at = fields.AwareDateTime(required=True, allow_none=True)


class Client(Details):
    """A client as the API shows them."""

    id = fields.UUID(required=True)
    version = Version(required=True)
    status_id = fields.UUID(required=True)
    status = fields.Nested(StatusOfClient, required=True)
    tag_ids = fields.Ids(required=True)
    tags = fields.List(fields.Nested(TagOfClient), required=True)
    booking_block = fields.Nested(BookingBlock, required=True)
    archived = fields.Boolean(required=True)
    merged_into = fields.UUID(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(
        required=True, metadata={"description": "of the details, the status, the tags, the black list or the weights"}
    )
    age = fields.Integer(required=True, allow_none=True)
    minor = fields.Boolean(required=True)


class RegisterQuery(Shape):
    force = QueryFlag(load_default=False, metadata={"description": "register although a likely duplicate is known"})
