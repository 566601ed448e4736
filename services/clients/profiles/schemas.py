"""The shapes of a client over HTTP."""

from typing import Any

import pycountry
from marshmallow import ValidationError, validate

from shared.api.fields import Shape, Text, Version, fields
from shared.words import Words

GENDERS = ("woman", "man", "non_binary", "other", "undisclosed")
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
LANGUAGES = frozenset(language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2"))


def known_country(code: str) -> None:
    if code not in COUNTRIES:
        raise ValidationError(Words("This is not a country code of two letters, like ES.").format())


def known_language(code: str) -> None:
    if code not in LANGUAGES:
        raise ValidationError(Words("This is not a language code of two letters, like es.").format())


class Phone(Shape):
    number = Text(40, required=True)
    type = fields.String(load_default="mobile", validate=validate.OneOf(["mobile", "home", "work"]))
    primary = fields.Boolean(load_default=False)


class Email(Shape):
    address = Text(254, required=True)
    primary = fields.Boolean(load_default=False)


class Address(Shape):
    country_code = Text(2, required=True, validators=[known_country])
    lines = fields.List(Text(120), required=True, validate=validate.Length(max=4))
    locality = Text(100, load_default="", empty=True)
    region = Text(100, load_default="", empty=True)
    postal_code = Text(20, load_default="", empty=True)


class Details(Shape):
    """The contact details, as they are sent."""

    first_name = Text(100)
    middle_name = Text(100, empty=True)
    last_name = Text(150, empty=True)
    phones = fields.List(fields.Nested(Phone), validate=validate.Length(max=10))
    emails = fields.List(fields.Nested(Email), validate=validate.Length(max=10))
    address = fields.Nested(Address, allow_none=True)
    birth_date = fields.Date(allow_none=True)
    gender = fields.String(allow_none=True, validate=validate.OneOf(GENDERS))
    gender_description = Text(60, empty=True)
    referral_method_id = fields.UUID(allow_none=True)
    referred_by_client_id = fields.UUID(allow_none=True)
    preferred_branch_id = fields.UUID(allow_none=True)
    language = Text(2, allow_none=True, validators=[known_language])


class NewClient(Details):
    """What registers a client: a first name at least."""

    first_name = Text(100, required=True)


class Client(Details):
    """A client as the API shows them."""

    id = fields.UUID(dump_only=True)
    version = Version()
    status_id = fields.UUID(dump_only=True)
    booking_blocked = fields.Boolean(dump_only=True)
    archived = fields.Boolean(dump_only=True)
    merged_into = fields.UUID(dump_only=True, allow_none=True)
    created_at = fields.AwareDateTime(dump_only=True)
    age = fields.Integer(dump_only=True, allow_none=True)
    minor = fields.Boolean(dump_only=True)


class RegisterQuery(Shape):
    force = fields.Boolean(
        load_default=False, metadata={"description": "register although a likely duplicate is known"}
    )


DEFAULTS: dict[str, Any] = {
    "middle_name": "",
    "last_name": "",
    "phones": [],
    "emails": [],
    "address": None,
    "birth_date": None,
    "gender": None,
    "gender_description": "",
    "referral_method_id": None,
    "referred_by_client_id": None,
    "preferred_branch_id": None,
    "language": None,
}
"""What a new client has of all that was not said."""
