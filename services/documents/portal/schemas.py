"""The shapes of a client's own documents and forms."""

from services.documents.assignments.models import STATES
from services.documents.filling.models import PAPERS
from shared.api.fields import Flag, Shape, fields, validate


class OwnDocument(Shape):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    type_name = fields.String(required=True, metadata={"description": "in the reader's language"})
    size = fields.Integer(required=True, strict=True)
    media_type = fields.String(required=True)
    has_thumbnail = Flag(required=True)
    shown_in_place = Flag(required=True)
    created_at = fields.AwareDateTime(required=True)


class OwnForm(Shape):
    id = fields.UUID(required=True)
    form_name = fields.String(required=True, metadata={"description": "in the reader's language"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    assigned_at = fields.AwareDateTime(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)
    paper = fields.String(required=True, allow_none=True, validate=validate.OneOf([*PAPERS, None]))
