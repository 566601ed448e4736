"""The shapes of a dislike over HTTP."""

from shared.api.fields import Shape, Text, Version, fields


class DislikeFields(Shape):
    service_id = fields.UUID()
    comment = Text(500, lines=True, empty=True)


class NewDislike(DislikeFields):
    service_id = fields.UUID(required=True)
    comment = Text(500, lines=True, empty=True, load_default="")


class Dislike(DislikeFields):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    service_name = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
