"""The shapes of a form over HTTP."""

from typing import Any

from services.documents.forms.questions import PROFILE, TYPES
from shared.api.fields import Flag, Pattern, QueryFlag, Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import LANGUAGES, Words

KEY = Pattern(r"[a-z0-9_]{1,40}", error=Words("A key is made of small letters, digits and underscores."))
MOST_QUESTIONS = 100
MOST_MONTHS = 120


class Said(fields.Dict):
    """A text in each language that the chain has written it in, by their codes."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        values = Text(most, lines=True)
        super().__init__(keys=fields.String(validate=validate.OneOf(LANGUAGES)), values=values, **kwargs)


class Option(Shape):
    key = fields.String(required=True, validate=KEY)
    label = Said(200, required=True, validate=validate.Length(1))


class Condition(Shape):
    question = fields.String(required=True, validate=KEY, metadata={"description": "the key of one that stands before"})
    answer = fields.String(required=True, validate=KEY, metadata={"description": "`yes`, `no`, or an option's key"})


class Question(Shape):
    key = fields.String(required=True, validate=KEY)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    label = Said(2000, required=True, validate=validate.Length(1), metadata={"description": "what is asked or said"})
    help = Said(1000, load_default=dict)
    required = Flag(load_default=False)
    options = fields.List(fields.Nested(Option), load_default=list, validate=validate.Length(max=50))
    shown_if = fields.Nested(
        Condition, allow_none=True, load_default=None, metadata={"description": "shown only when another answer is so"}
    )
    profile = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf([*PROFILE, None]),
        metadata={"description": "filled in with this field of the profile"},
    )
    updates_profile = Flag(
        load_default=False, metadata={"description": "the answer is offered to that field of the profile"}
    )
    image_id = fields.UUID(allow_none=True, load_default=None)


class FormFields(Shape):
    name = Text(120)
    names = Said(120)
    valid_months = fields.Integer(
        strict=True,
        allow_none=True,
        validate=between(1, MOST_MONTHS),
        metadata={"description": "a completed one is good for so long, then due again; null for ever"},
    )
    active = Flag()
    questions = fields.List(fields.Nested(Question), validate=validate.Length(1, MOST_QUESTIONS))


class NewForm(FormFields):
    name = Text(120, required=True)
    names = Said(120, load_default=dict)
    valid_months = fields.Integer(strict=True, allow_none=True, load_default=None, validate=between(1, MOST_MONTHS))
    active = Flag(load_default=True)
    questions = fields.List(fields.Nested(Question), required=True, validate=validate.Length(1, MOST_QUESTIONS))


class FormRow(Shape):
    """A form in a list, without what it asks."""

    id = fields.UUID(required=True)
    version = Version(required=True)
    name = fields.String(required=True)
    names = Said(120, required=True)
    valid_months = fields.Integer(required=True, strict=True, allow_none=True)
    number = fields.Integer(required=True, strict=True, metadata={"description": "of the version assigned from now on"})
    active = Flag(required=True)


class FormShown(FormRow):
    questions = fields.List(fields.Nested(Question), required=True)


class FormVersionShown(Shape):
    form_id = fields.UUID(required=True)
    number = fields.Integer(required=True, strict=True)
    questions = fields.List(fields.Nested(Question), required=True)
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True)


class FormsQuery(PageQuery):
    active = QueryFlag(metadata={"description": "only those in use, or only the retired ones"})


class ImageShown(Shape):
    id = fields.UUID(required=True)
    media_type = fields.String(required=True)
