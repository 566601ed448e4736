"""The shape of a reply over HTTP."""

from shared.api.fields import Shape, fields
from shared.api.pages import PageQuery


class RepliesQuery(PageQuery):
    client_id = fields.UUID()


class Reply(Shape):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    client_name = fields.String(required=True, allow_none=True)
    message_id = fields.UUID(required=True, allow_none=True)
    body = fields.String(required=True, allow_none=True)
    received_at = fields.AwareDateTime(required=True)
