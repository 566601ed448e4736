"""A client who is erased takes their files along."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.documents.documents.models import Document
from services.documents.papers.erasing import let_papers_go
from shared.contracts import clients
from shared.contracts.documents import ERASURE_COMPLETED
from shared.erasure import forget_bodies
from shared.events.envelope import Event
from shared.events.outbox import emit
from shared.events.reactions import Reactions

reactions = Reactions()

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

# The id stays, with a version that no later event of the client reaches, so that a replay brings nobody back.
FORGET = (
    text(
        "UPDATE clients SET name = '', language = NULL, preferred_branch_id = NULL, archived = true, profile = '{}',"
        " version = 2147483647 WHERE id = :id"
    ),
    text(
        "UPDATE form_assignments SET answers = '{}', valid_until = NULL, version = version + 1,"
        " state = CASE WHEN state IN ('assigned', 'opened') THEN 'removed' ELSE state END WHERE client_id = :id"
    ),
    text(
        "UPDATE form_submissions SET answers = '{}', answers_sha256 = '', address = '', browser = ''"
        " WHERE assignment_id IN (SELECT form_assignments.id FROM form_assignments WHERE client_id = :id)"
    ),
    text("UPDATE audit SET reason = NULL, changes = '{}' WHERE about = :id"),
)


@reactions.on(clients.CLIENT_ERASED)
def erase(session: Session, event: Event) -> None:
    """A reaction touches no store: what there is counts as deleted long ago, and the worker purges it next."""
    client_id = UUID(event.subject)
    found = list(
        session.scalars(select(Document).where(Document.client_id == client_id, Document.blob_id.is_not(None)))
    )
    rows = len(found)
    for document in found:
        document.state, document.name, document.deleted_at = "deleted", "", LONG_AGO
    rows += let_papers_go(session, client_id)
    rows += sum(session.execute(each, {"id": client_id}).rowcount for each in FORGET)  # type: ignore[attr-defined]
    rows += forget_bodies(session, client_id)
    data = {"client_id": client_id, "service": "documents", "rows": rows}
    emit(session, ERASURE_COMPLETED, subject=client_id, version=event.version, data=data)
