"""Whether what was signed is still what was signed: answers against their hash, papers against theirs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from uuid import UUID

from sqlalchemy import select

from services.documents.assignments.models import Assignment
from services.documents.contents.models import Blob
from services.documents.filling.evidence import sha256
from services.documents.filling.models import Submission
from services.documents.stores.port import Store, StoreAway
from shared.db import Database

AT_ONCE = 500


@dataclass
class Proofs:
    signed: int = 0
    changed: list[UUID] = field(default_factory=list)
    """Assignments whose answers, or who signed them when and from where, are not what was signed."""
    papers_changed: list[UUID] = field(default_factory=list)
    """Assignments whose PDF is gone, or is another one."""


def prove(database: Database, store: Store) -> Proofs:
    """Looks at everything that was signed. It changes nothing."""
    found = Proofs()
    for signed, assignment, blob in _all(database):
        found.signed += 1
        proof = sha256(
            assignment_id=assignment.id,
            form_id=assignment.form_id,
            number=assignment.number,
            client_id=assignment.client_id,
            answers=signed.answers,
            signed_at=signed.signed_at.astimezone(UTC),
            signed_by=signed.signed_by,
            address=signed.address,
            browser=signed.browser,
        )
        if proof != signed.answers_sha256:
            found.changed.append(assignment.id)
        if blob is not None and _hash(store, blob) != blob.sha256:
            found.papers_changed.append(assignment.id)
    return found


def _all(database: Database) -> Iterator[tuple[Submission, Assignment, Blob | None]]:
    """But for those of people who were erased."""
    last: UUID | None = None
    wanted = (
        select(Submission, Assignment, Blob)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(Blob, Blob.id == Submission.blob_id)
        .where(Submission.answers_sha256 != "")
        .order_by(Submission.assignment_id)
        .limit(AT_ONCE)
    )
    while True:
        with database.transaction() as session:
            rows = session.execute(wanted.where(Submission.assignment_id > last) if last else wanted).all()
        yield from (tuple(row) for row in rows)  # type: ignore[misc]
        if len(rows) < AT_ONCE:
            return
        last = rows[-1][0].assignment_id


def _hash(store: Store, blob: Blob) -> str:
    hashed = hashlib.sha256()
    try:
        for piece in store.read(blob.key, 0, blob.size):
            hashed.update(piece)
    except (StoreAway, OSError, ValueError):
        return ""
    return hashed.hexdigest()
