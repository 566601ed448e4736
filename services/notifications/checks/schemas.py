"""The shapes of the question over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.catalogue.types import TYPES
from services.notifications.checks.rules import REASONS
from shared.api.fields import Shape, Text, fields, validate


class Asked(Shape):
    client_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    promotional = fields.Boolean(
        load_default=False, metadata={"description": "it advertises, so it needs a consent whatever its kind"}
    )
    urgent = fields.Boolean(load_default=False, metadata={"description": "it goes at any hour"})
    happened_at = fields.AwareDateTime(
        allow_none=True, load_default=None, metadata={"description": "when its event was: after a day it is too old"}
    )
    type = fields.String(allow_none=True, load_default=None, validate=validate.OneOf([*TYPES, None]))
    business_key = Text(
        200,
        allow_none=True,
        load_default=None,
        metadata={"description": "with the type: what must not be told twice"},
    )


class Question(Shape):
    asked = fields.List(fields.Nested(Asked), required=True, validate=validate.Length(1, 1000))


class Answer(Shape):
    client_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    goes = fields.Boolean(required=True)
    reason = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*REASONS, None]),
        metadata={"description": "why not, the first of the reasons", "x-open": True},
    )
    not_before = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "from when on it may go, where waiting helps"}
    )


class Answers(Shape):
    answers = fields.List(
        fields.Nested(Answer), required=True, metadata={"description": "in the order of what is asked"}
    )
