"""The shapes of a client's preferences over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.suppressions.models import REASONS
from shared.api.fields import Shape, Version, fields, validate

GIVEN = ("in_person", "phone", "paper", "online")
SOURCES = ("console", "portal", "api", "import", "unsubscribe", "stop", "start", "merge")


class NewSwitch(Shape):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    on = fields.Boolean(required=True)
    wording_id = fields.UUID(
        allow_none=True,
        load_default=None,
        metadata={"description": "to which words the client agrees; needed to switch marketing on"},
    )
    given = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf([*GIVEN, None]),
        metadata={"description": "how the client has agreed; needed to switch marketing on"},
    )


class NewPreferences(Shape):
    switches = fields.List(
        fields.Nested(NewSwitch),
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "those to be moved; the others stay as they are"},
    )


class Wording(Shape):
    id = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    language = fields.String(required=True)
    number = fields.Integer(required=True, strict=True)
    text = fields.String(required=True)


class Point(Shape):
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    address = fields.String(required=True, metadata={"description": "empty for a push, which goes to browsers"})
    suppression_id = fields.UUID(required=True, allow_none=True)
    suppressed = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*REASONS, None]),
        metadata={"description": "why nothing is sent there"},
    )
    suppressed_at = fields.AwareDateTime(required=True, allow_none=True)


class SwitchChanged(Shape):
    at = fields.AwareDateTime(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    by_name = fields.String(required=True, allow_none=True)


class Switch(Shape):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    on = fields.Boolean(required=True)
    chosen = fields.Boolean(required=True, metadata={"description": "false: a default, which nobody has touched"})
    can_be_off = fields.Boolean(required=True)
    agreed_elsewhere = fields.Boolean(
        required=True, metadata={"description": "marketing: the client agreed, but for an address that they had before"}
    )
    last = fields.Nested(SwitchChanged, required=True, allow_none=True)


class Preferences(Shape):
    client_id = fields.UUID(required=True)
    version = Version(required=True)
    points = fields.List(fields.Nested(Point), required=True, metadata={"description": "where each channel goes"})
    switches = fields.List(fields.Nested(Switch), required=True)
    wordings = fields.List(
        fields.Nested(Wording), required=True, metadata={"description": "what marketing is agreed to with, by channel"}
    )


class Change(Shape):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    was = fields.Boolean(required=True)
    now = fields.Boolean(required=True)
    at = fields.AwareDateTime(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    by = fields.String(required=True)
    by_name = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    given = fields.String(required=True, allow_none=True, validate=validate.OneOf([*GIVEN, None]))
    wording = fields.Nested(Wording, required=True, allow_none=True)
