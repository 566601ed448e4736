"""The shapes of a form that is being filled in."""

from services.documents.assignments.models import STATES
from services.documents.forms.schemas import Question, Said
from shared.api.fields import Shape, Text, Version, fields, validate
from shared.words import LANGUAGES

ANSWERS = {"description": "by the key of the question; a signature is a PNG as a data URL"}


class Draft(Shape):
    answers = fields.Dict(keys=fields.String(), required=True, validate=validate.Length(max=100), metadata=ANSWERS)


class Saved(Shape):
    version = Version(required=True, metadata={"description": "the one to go on from"})


class Filled(Draft):
    language = fields.String(
        load_default="es", validate=validate.OneOf(LANGUAGES), metadata={"description": "in which the form was read"}
    )
    browser = Text(400, empty=True, load_default="", metadata={"description": "of the signer, as it calls itself"})


class ToFill(Shape):
    """A form as the one who fills it in sees it."""

    id = fields.UUID(required=True)
    version = Version(required=True)
    form_name = fields.String(required=True)
    form_names = Said(120, required=True)
    client_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    questions = fields.List(fields.Nested(Question), required=True)
    answers = fields.Dict(required=True, metadata=ANSWERS)
