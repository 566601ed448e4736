"""The shapes of a document type over HTTP."""

from typing import Any

from shared.api.fields import Flag, QueryFlag, Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import LANGUAGES


class Names(fields.Dict):
    """What it is called in other languages, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(validate=validate.OneOf(LANGUAGES)), values=Text(60), **kwargs)


class TypeFields(Shape):
    name = Text(60)
    names = Names()
    position = fields.Integer(strict=True, validate=between(0, 10_000))
    active = Flag()


class NewType(TypeFields):
    name = Text(60, required=True)
    names = Names(load_default=dict)
    position = fields.Integer(strict=True, load_default=100, validate=between(0, 10_000))
    active = Flag(load_default=True)


class DocumentType(TypeFields):
    id = fields.UUID(required=True)
    version = Version(required=True)


class TypeQuery(PageQuery):
    active = QueryFlag(metadata={"description": "only those in use, or only the retired ones"})
