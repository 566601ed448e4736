"""The shapes of templates over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.catalogue.types import TYPES
from shared.api.fields import Shape, Text, fields, validate
from shared.words import LANGUAGES


class Template(Shape):
    type = fields.String(required=True, validate=validate.OneOf(list(TYPES)), metadata={"x-open": True})
    title = fields.String(required=True, metadata={"description": "what people call the type, in their language"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    version = fields.Integer(required=True, strict=True, metadata={"description": "0 until the chain has written one"})
    is_default = fields.Boolean(required=True)
    subject = fields.String(required=True)
    body = fields.String(required=True, metadata={"description": "HTML for an e-mail"})


class Templates(Shape):
    items = fields.List(fields.Nested(Template), required=True)


class TemplateInFull(Template):
    values = fields.List(fields.String(), required=True, metadata={"description": "what it may name"})
    links = fields.List(fields.String(), required=True, metadata={"description": "what `link('…')` may name"})


class Texts(Shape):
    subject = Text(200, empty=True, load_default="")
    body = Text(50_000, lines=True, required=True)


class PreviewOf(Texts):
    client_id = fields.UUID(allow_none=True, load_default=None, metadata={"description": "none for a sample client"})


class SmsSize(Shape):
    encoding = fields.String(required=True, validate=validate.OneOf(["GSM-7", "UCS-2"]))
    characters = fields.Integer(required=True, strict=True)
    parts = fields.Integer(required=True, strict=True)
    left = fields.Integer(required=True, strict=True)


class Preview(Shape):
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    sms = fields.Nested(SmsSize, required=True, allow_none=True)
