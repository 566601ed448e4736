"""Addresses and numbers over HTTP, checked and in the form in which they are compared."""

from email.utils import parseaddr
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError

from shared.api.fields import Text
from shared.words import Words

NO_EMAIL = Words("This is not an e-mail address.")
NO_NUMBER = Words("This is not a telephone number. Begin with + and the code of its country.")
NO_SENDER = Words("This must be an address, or a name and an address: Foyer <hello@example.com>.")


def normal_email(text: str) -> str:
    """Raises ValidationError."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValidationError(NO_EMAIL.format()) from error


def normal_number(text: str) -> str:
    """In E.164. Raises ValidationError."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(NO_NUMBER.format()) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(NO_NUMBER.format())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class EmailAddress(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(254, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return normal_email(super()._deserialize(value, attr, data, **kwargs))


class Number(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(30, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return normal_number(super()._deserialize(value, attr, data, **kwargs))


class SenderAddress(Text):
    """A name and an address, as a mail shows them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(320, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        _name, address = parseaddr(text)
        try:
            normal_email(address)
        except ValidationError as error:
            raise ValidationError(NO_SENDER.format()) from error
        return text
