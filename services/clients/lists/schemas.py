"""The shapes of the chain's lists over HTTP."""

from typing import Any

from services.clients.lists.models import COLOURS
from shared.api.fields import ONE_LINE, Flag, Pattern, QueryFlag, Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import LANGUAGES, Words

COLOUR = Pattern(r"#[0-9a-fA-F]{6}", error=Words("This must be a colour like #2e7d32."))
# In the document it takes the place of the pattern of `Text`, so it says what that refuses, too.
NO_BAR = Pattern(
    rf"[^|{ONE_LINE}]*[^|{ONE_LINE}\s][^|{ONE_LINE}]*",
    error=Words("A tag's name has no “|”: in a list it parts one tag from the next."),
)


class Names(fields.Dict):
    """What it is called in other languages, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        keys = fields.String(validate=validate.OneOf(LANGUAGES))
        super().__init__(keys=keys, values=Text(60), **kwargs)


class Named(Shape):
    name = Text(60)
    names = Names()
    position = fields.Integer(strict=True, validate=between(0, 10_000))
    active = Flag()


class StatusFields(Named):
    colour = Text(7, validators=[COLOUR])


class NewStatus(StatusFields):
    name = Text(60, required=True)
    names = Names(load_default=dict)
    colour = Text(7, load_default="#6c757d", validators=[COLOUR])
    position = fields.Integer(strict=True, load_default=100, validate=between(0, 10_000))
    active = Flag(load_default=True)


class Status(StatusFields):
    id = fields.UUID(required=True)
    version = Version(required=True)


class ReferralMethodFields(Named):
    by_client = Flag(metadata={"description": "whether it asks which client referred this one"})


class NewReferralMethod(ReferralMethodFields):
    name = Text(60, required=True)
    names = Names(load_default=dict)
    by_client = Flag(load_default=False)
    position = fields.Integer(strict=True, load_default=100, validate=between(0, 10_000))
    active = Flag(load_default=True)


class ReferralMethod(ReferralMethodFields):
    id = fields.UUID(required=True)
    version = Version(required=True)


class TagFields(Named):
    name = Text(60, validators=[NO_BAR])
    colour = fields.String(validate=validate.OneOf(COLOURS))


class NewTag(TagFields):
    name = Text(60, required=True, validators=[NO_BAR])
    names = Names(load_default=dict)
    colour = fields.String(load_default="grey", validate=validate.OneOf(COLOURS))
    position = fields.Integer(strict=True, load_default=100, validate=between(0, 10_000))
    active = Flag(load_default=True)


class Tag(TagFields):
    id = fields.UUID(required=True)
    version = Version(required=True)


class ListQuery(PageQuery):
    active = QueryFlag(metadata={"description": "only those in use, or only the retired ones"})
