"""The fields of which the HTTP shapes are made. `Text` is the only string field in the house."""

import re
import unicodedata
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, validate

from shared.api import strict as fields
from shared.words import Words

MARKS = r"\x7f-\x9f\u2028\u2029\ufeff"
ONE_LINE = r"\x00-\x1f" + MARKS
"""Every control character, in what regular expressions of Python and of ECMA have in common."""
LINES = r"\x00-\x08\x0b\x0c\x0e-\x1f" + MARKS
"""The same but tab and line breaks."""
LONE_SURROGATES = r"\ud800-\udfff"
"""No database takes them, and JSON cannot hold them."""
CONTROL = re.compile(f"[{LINES}{LONE_SURROGATES}]")

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
fields.Mapping.default_error_messages = {"invalid": Words("This must be an object.")}
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

    `max` is in characters, as sent and as kept. `lines=True` allows tabs and line breaks, kept as line feeds. A text of
    nothing but spaces is refused unless `empty=True`.
    """

    default_error_messages = {  # noqa: RUF012
        "control": Words("This holds a character that cannot be shown."),
        "empty": Words("This may not be empty."),
        "long": Words("This may have at most {max} characters."),
    }

    def __init__(self, max: int, *, lines: bool = False, empty: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=kwargs.pop("validators", ()), **kwargs)
        self.max = max
        self.empty = empty
        refused = LINES if lines else ONE_LINE
        self.pattern = rf"^[^{refused}]*$" if empty else rf"^[^{refused}]*[^{refused}\s][^{refused}]*$"
        self._refused = re.compile(f"[{refused}{LONE_SURROGATES}]")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if self._refused.search(value):
            raise self.make_error("control")
        kept = unicodedata.normalize("NFC", value).strip().replace("\r\n", "\n").replace("\r", "\n")
        if len(value) > self.max or len(kept) > self.max:
            raise self.make_error("long", max=self.max)
        if not kept and not self.empty:
            raise self.make_error("empty")
        return kept


class Pattern(validate.Validator):
    """The whole text fits `regex`, which is written without anchors in what Python and ECMA have in common."""

    def __init__(self, regex: str, *, error: Words) -> None:
        self.regex = re.compile(rf"^(?:{regex})$")
        self._words = error

    def __call__(self, value: str) -> str:
        if not self.regex.fullmatch(value):
            raise ValidationError(self._words.format())
        return value


Flag = fields.Boolean


class QueryFlag(fields.Boolean):
    """`true` or `false` in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return super()._deserialize({"true": True, "false": False}.get(value, value), attr, data, **kwargs)


class QueryWhole(fields.Integer):
    """A whole number in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", str(value)):
            raise self.make_error("invalid", input=value)
        return int(value)


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
    "Pattern",
    "QueryFlag",
    "QueryWhole",
    "Shape",
    "Text",
    "ValidationError",
    "Version",
    "between",
    "fields",
    "validate",
]
