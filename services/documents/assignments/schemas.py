"""The shapes of a client's forms over HTTP."""

from services.documents.assignments.models import STATES
from services.documents.forms.schemas import Question, Said
from shared.api.fields import Flag, QueryFlag, Shape, Version, fields, validate
from shared.api.pages import PageQuery

PAPERS = ("waiting", "made", "failed")


class NewAssignments(Shape):
    client_id = fields.UUID(required=True)
    form_ids = fields.Ids(required=True, validate=validate.Length(1, 20))
    branch_id = fields.UUID(allow_none=True, load_default=None, metadata={"description": "by default the client's"})
    due_at = fields.AwareDateTime(allow_none=True, load_default=None)


class Assignment(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True, allow_none=True)
    form_id = fields.UUID(required=True)
    form_name = fields.String(required=True)
    form_names = Said(120, required=True)
    number = fields.Integer(required=True, strict=True, metadata={"description": "the version of the form"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    by_rule = Flag(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    assigned_at = fields.AwareDateTime(required=True)
    assigned_by = fields.String(required=True)
    assigned_by_name = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)
    paper = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*PAPERS, None]),
        metadata={"description": "of what was signed: the PDF is made within seconds"},
    )  # fmt: skip
    paper_sha256 = fields.String(required=True, allow_none=True)


class AssignmentsMade(Shape):
    items = fields.List(fields.Nested(Assignment), required=True)


class AssignmentsOfClient(PageQuery):
    client_id = fields.UUID(required=True)
    removed = QueryFlag(load_default=False, metadata={"description": "with those that were taken back"})


class Answers(Shape):
    """What was answered, and who signed it. Health data: every reading is on record."""

    assignment_id = fields.UUID(required=True)
    questions = fields.List(fields.Nested(Question), required=True)
    answers = fields.Dict(required=True, metadata={"description": "by the key of the question"})
    answers_sha256 = fields.String(required=True)
    signed_at = fields.AwareDateTime(required=True)
    signed_by = fields.String(required=True)
    address = fields.String(required=True, metadata={"description": "from where it was sent"})
    browser = fields.String(required=True)
    handed_over_by = fields.String(required=True, allow_none=True)
    handed_over_by_name = fields.String(required=True, allow_none=True)


class Reading(Shape):
    id = fields.UUID(required=True)
    how = fields.String(required=True, validate=validate.OneOf(("answers", "paper")))
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class HandedOver(Shape):
    token = fields.String(required=True, metadata={"description": "opens this form and nothing else"})
    until = fields.AwareDateTime(required=True)
