"""The shapes of the words of consent over HTTP."""

from services.notifications.preferences.schemas import Wording
from shared.api.fields import Shape, Text, fields


class NewWording(Shape):
    text = Text(500, lines=True, required=True)


class WordingInFull(Wording):
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True)


class Wordings(Shape):
    items = fields.List(fields.Nested(WordingInFull), required=True)
