"""The papers of a client who is erased: nobody has them any more, and the worker removes their bytes."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.documents.assignments.models import Assignment
from services.documents.contents.actions import let_go
from services.documents.filling.models import Submission
from services.documents.stores.open import store
from services.documents.stores.port import StoreAway
from shared.db import Database

AT_ONCE = 50


def let_papers_go(session: Session, client_id: UUID) -> int:
    """Marks the client's papers to be removed; how many there were."""
    theirs = select(Submission).join(Assignment, Assignment.id == Submission.assignment_id)
    found = list(session.scalars(theirs.where(Assignment.client_id == client_id)))
    for signed in found:
        signed.paper, signed.due_at = "failed", None
    session.flush()
    return len(found)


def remove_papers(database: Database) -> bool:
    """Removes some papers of who was erased; whether there were any."""
    erased = select(Submission).where(Submission.answers_sha256 == "", Submission.blob_id.is_not(None))
    with database.transaction() as session:
        found = list(session.scalars(erased.limit(AT_ONCE).with_for_update(skip_locked=True)))
        keys: list[str] = []
        for signed in found:
            blob_id, signed.blob_id = signed.blob_id, None
            assert blob_id is not None
            keys += let_go(session, blob_id)
    for key in keys:
        with suppress(StoreAway):
            store(database.config).remove(key)
    return bool(found)
