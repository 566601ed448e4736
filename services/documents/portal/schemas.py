"""The shapes of a client's own documents."""

from shared.api.fields import Flag, Shape, fields


class OwnDocument(Shape):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    type_name = fields.String(required=True, metadata={"description": "in the reader's language"})
    size = fields.Integer(required=True, strict=True)
    media_type = fields.String(required=True)
    has_thumbnail = Flag(required=True)
    shown_in_place = Flag(required=True)
    created_at = fields.AwareDateTime(required=True)
