"""The shapes of messages over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.catalogue.types import TYPES
from services.notifications.delivery.states import STATES
from shared.api.fields import Shape, Text, fields, validate
from shared.api.pages import PageQuery

BY_HAND = [kind for kind in KINDS if kind != "contract"]


class MessagesQuery(PageQuery):
    client_id = fields.UUID(required=True)


class NewMessage(Shape):
    client_id = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    kind = fields.String(
        load_default="service",
        validate=validate.OneOf(BY_HAND),
        metadata={"description": "which of the client's switches it obeys; what advertises is `marketing`"},
    )
    title = Text(100, empty=True, load_default="", metadata={"description": "the subject of an e-mail or a push"})
    text = Text(1600, lines=True, required=True)
    branch_id = fields.UUID(allow_none=True, load_default=None)


class SignIn(Shape):
    client_id = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(["email", "sms"]))
    link = Text(1000, required=True, metadata={"description": "the one-time link, to a page of this installation"})
    code = Text(12, empty=True, load_default="")


class Message(Shape):
    id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True)
    type = fields.String(required=True, validate=validate.OneOf(list(TYPES)), metadata={"x-open": True})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    client_id = fields.UUID(required=True, allow_none=True)
    branch_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "why it was not sent, or not yet, as a code"}
    )
    created_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    subject = fields.String(required=True, allow_none=True)


class MessageInFull(Message):
    attempts = fields.Integer(required=True, strict=True)
    language = fields.String(required=True, allow_none=True)
    template_number = fields.Integer(
        required=True, strict=True, allow_none=True, metadata={"description": "0 is the product's own text"}
    )
    body = fields.String(required=True, allow_none=True, metadata={"description": "kept for 90 days"})
    html = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    provider = fields.String(required=True, allow_none=True)
    answer = fields.Dict(
        required=True, allow_none=True, metadata={"description": "what the question said when it was last asked"}
    )
    purged_at = fields.AwareDateTime(required=True, allow_none=True)


class Queued(Shape):
    id = fields.UUID(required=True)
