"""The shapes of what providers tell, and of the outbox."""

from services.notifications.messages.schemas import MessageInFull
from shared.api.fields import Shape, fields
from shared.api.pages import PageQuery


class OutboxQuery(PageQuery):
    client_id = fields.UUID()


class Heard(Shape):
    heard = fields.Boolean(required=True, metadata={"description": "false for what is about no message of ours"})


class Shown(MessageInFull):
    client_name = fields.String(required=True, allow_none=True)
