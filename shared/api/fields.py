"""The fields of which the HTTP shapes are made. `Text` is the only string field in the house."""

import re
import unicodedata
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.words import Words

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Every control character but tab and line feed; lone surrogates too, which no database takes."""
ONE_LINE = re.compile(r"[\t\n]")

Schema.error_messages = {
    "unknown": Words("There is no such field."),
    "type": Words("This must be an object."),
}

fields.Field.default_error_messages = {
    "required": Words("This is needed."),
    "null": Words("This may not be empty."),
    "validator_failed": Words("This is not valid."),
}
fields.String.default_error_messages = {
    "invalid": Words("This must be text."),
    "invalid_utf8": Words("This must be text."),
}
fields.Integer.default_error_messages = {"invalid": Words("This must be a whole number.")}
fields.Number.default_error_messages = {
    "invalid": Words("This must be a number."),
    "too_large": Words("This number is too large."),
}
fields.Boolean.default_error_messages = {"invalid": Words("This must be true or false.")}
fields.UUID.default_error_messages = {"invalid_uuid": Words("This is not an id.")}
fields.List.default_error_messages = {"invalid": Words("This must be a list.")}
fields.Nested.default_error_messages = {"type": Words("This must be an object.")}
fields.DateTime.default_error_messages = {
    "invalid": Words("This must be a date and time, like 2026-03-02T10:00:00Z."),
    "invalid_awareness": Words("This must be a date and time with its zone, like 2026-03-02T10:00:00Z."),
    "format": Words("This must be a date and time."),
}
fields.Date.default_error_messages = {
    "invalid": Words("This must be a date, like 2026-03-02."),
    "format": Words("This must be a date."),
}
validate.OneOf.default_message = Words("This must be one of: {choices}.")
validate.Length.message_min = Words("This must have at least {min} characters or entries.")
validate.Length.message_max = Words("This may have at most {max} characters or entries.")
validate.Length.message_all = Words("This must have between {min} and {max} characters or entries.")


def between(least: int, most: int) -> validate.Range:
    """A number from `least` to `most`, both allowed."""
    return validate.Range(least, most, error=Words("This must be between {min} and {max}."))


class Shape(Schema):
    """The base of every HTTP schema: an unknown field is an error, never ignored."""

    class Meta:
        unknown = RAISE
        ordered = True


class Text(fields.String):
    """Text as people write it: stripped, NFC, without control characters, of a bounded length.

    `max` is in characters. `lines=True` allows line breaks and tabs. An empty text is refused unless `empty=True`.
    """

    default_error_messages = {  # noqa: RUF012
        "control": Words("This holds a character that cannot be shown."),
        "empty": Words("This may not be empty."),
        "long": Words("This may have at most {max} characters."),
    }

    def __init__(self, max: int, *, lines: bool = False, empty: bool = False, **kwargs: Any) -> None:
        checks = [validate.Length(max=max)]
        metadata = {**kwargs.pop("metadata", {})}
        if not empty:
            metadata.setdefault("minLength", 1)
        super().__init__(validate=[*checks, *kwargs.pop("validators", ())], metadata=metadata, **kwargs)
        self.max = max
        self.lines = lines
        self.empty = empty

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if CONTROL.search(value) or (not self.lines and ONE_LINE.search(value)):
            raise self.make_error("control")
        value = unicodedata.normalize("NFC", value).strip()
        if not value and not self.empty:
            raise self.make_error("empty")
        return value


class Flag(fields.Boolean):
    """True or false, as JSON has them; not the words and numbers that one could take for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class QueryFlag(fields.Boolean):
    """`true` or `false` in a query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={"true"}, falsy={"false"}, **kwargs)


class Version(fields.Integer):
    """The version of a row, as its ETag says it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, dump_only=True, **kwargs)


class Cursor(Text):
    """Where a page goes on: what `next_cursor` gave, and nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(200, **kwargs)


__all__ = [
    "Cursor",
    "Flag",
    "QueryFlag",
    "Shape",
    "Text",
    "ValidationError",
    "Version",
    "between",
    "fields",
    "validate",
]
