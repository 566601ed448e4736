"""marshmallow's fields, taking from JSON exactly what JSON Schema says that they take, and no more.

marshmallow is generous: it takes "5" for a number, an object for a list, `20260302` for a date and `{…}` for an id.
Then the document would say less than the truth, and who sends such a thing has made a mistake and should hear of it.
"""

import re
from typing import Any
from uuid import UUID as Id

from marshmallow import fields as plain
from marshmallow.fields import (
    AwareDateTime,
    DateTime,
    Decimal,
    Dict,
    Field,
    Float,
    Mapping,
    Nested,
    Number,
    String,
)

UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class UUID(plain.UUID):
    """An id with its hyphens, in letters of either case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Id:
        if not isinstance(value, str) or not UUID_TEXT.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return Id(value)


class Integer(plain.Integer):
    """A whole number; 5.0 is one too, "5" and true are not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.make_error("invalid", input=value)
        return int(value)


class Boolean(plain.Boolean):
    """True or false, and not the words and numbers that one could take for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Date(plain.Date):
    """A full date of RFC 3339, from the year 1 on."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not DATE_TEXT.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class List(plain.List):
    """A list; an object is none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Ids(List):
    """A list of ids, which are read all at once, as long as each of them is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(UUID(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and all(isinstance(each, str) and UUID_TEXT.fullmatch(each) for each in value):
            return [Id(each) for each in value]
        return super()._deserialize(value, attr, data, **kwargs)


__all__ = [
    "UUID",
    "AwareDateTime",
    "Boolean",
    "Date",
    "DateTime",
    "Decimal",
    "Dict",
    "Field",
    "Float",
    "Ids",
    "Integer",
    "List",
    "Mapping",
    "Nested",
    "Number",
    "String",
]
