"""The shapes of an unsubscribe link over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from shared.api.fields import Shape, fields, validate

SCOPES = ("kind", "everything")


class Unsubscribing(Shape):
    scope = fields.String(
        load_default="kind",
        validate=validate.OneOf(SCOPES),
        metadata={"description": "this kind of message only, or all kinds; by the channel of the link"},
    )


class Link(Shape):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    address_masked = fields.String(required=True, metadata={"description": "empty when there is none any more"})
    language = fields.String(required=True, allow_none=True)
    kind_is_on = fields.Boolean(required=True)
    on = fields.List(
        fields.String(validate=validate.OneOf(KINDS)),
        required=True,
        metadata={"description": "the kinds that still come by this channel and can be stopped"},
    )
