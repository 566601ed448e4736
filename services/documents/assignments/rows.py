"""Assignments as the API shows them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from services.documents.assignments.models import Assignment
from services.documents.contents.models import Blob
from services.documents.filling.models import Submission
from services.documents.forms.models import Form
from shared.errors import NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND

SHOWN = (
    select(
        *(column for column in Assignment.__table__.c if column.name not in ("answers", "rule_id")),
        Assignment.rule_id.is_not(None).label("by_rule"),
        Form.name.label("form_name"), Form.names.label("form_names"),
        actor_name(Assignment.assigned_by).label("assigned_by_name"),
        Submission.paper, Submission.blob_id, Blob.sha256.label("paper_sha256"),
    )
    .join(Form, Form.id == Assignment.form_id)
    .outerjoin(Submission, Submission.assignment_id == Assignment.id)
    .outerjoin(Blob, Blob.id == Submission.blob_id)
)  # fmt: skip


def one(session: Session | Connection, assignment_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = session.execute(SHOWN.where(Assignment.id == assignment_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    return dict(row)
