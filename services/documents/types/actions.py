"""What people ask of us about document types. They are retired and never removed: documents refer to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.types.models import DocumentType
from shared.audit import Changes, difference, record
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked, refusing
from shared.words import Words

REFUSALS = {"uq_document_types_name": ("name", Words("There is a document type of this name."))}

Details = dict[str, Any]


def add(session: Session, given: Details) -> DocumentType:
    """One more type. Raises Conflict when the name is taken."""
    row = DocumentType(id=new_id(), version=1, **given)
    session.add(row)
    with refusing(REFUSALS):
        session.flush()
    _record(session, row, difference({}, row.details()))
    return row


def change(session: Session, type_id: UUID, given: Details, expected: int | None) -> DocumentType:
    """Renames, moves, retires or revives. Raises NotFound, Stale, Conflict."""
    row = locked(session, DocumentType, type_id, expected, kind="document_type", names=names_of)
    changes = difference(row.details(), given)
    if not changes:
        return row
    for name in changes:
        setattr(row, name, given[name])
    row.version += 1
    with refusing(REFUSALS):
        session.flush()
    _record(session, row, changes)
    return row


def _record(session: Session, row: DocumentType, changes: Changes) -> None:
    record(session, about=row.id, kind="document_type", version=row.version, changes=changes)
