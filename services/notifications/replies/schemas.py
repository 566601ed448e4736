"""The shape of a reply over HTTP."""

from shared.api.fields import QueryFlag, Shape, fields
from shared.api.pages import PageQuery


class RepliesQuery(PageQuery):
    client_id = fields.UUID()
    unread = QueryFlag(load_default=False, metadata={"description": "only those that nobody has read yet"})


class Reply(Shape):
    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    client_name = fields.String(required=True, allow_none=True)
    message_id = fields.UUID(required=True, allow_none=True)
    body = fields.String(required=True, allow_none=True, metadata={"description": "kept for 90 days"})
    received_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)
    read_by = fields.String(required=True, allow_none=True)
    read_by_name = fields.String(required=True, allow_none=True)
