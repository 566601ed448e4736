"""What people ask of us about documents: announce, send, change, delete and bring back."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.contents.actions import keep, let_go
from services.documents.contents.models import Blob
from services.documents.contents.receiving import Received
from services.documents.documents.models import Document, Opening
from services.documents.types.models import DocumentType
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.config import Files
from shared.contracts.contract import Contract
from shared.contracts.documents import (
    DOCUMENT_ADDED,
    DOCUMENT_DELETED,
    DOCUMENT_HIDDEN,
    DOCUMENT_PURGED,
    DOCUMENT_RESTORED,
    DOCUMENT_SHOWN,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, locked
from shared.words import Words

NO_TYPE = Words("There is no such document type.")
HAS_CONTENT = Words("This document has its file already.")
NO_CONTENT = Words("The file of this document has not arrived.")
IS_DELETED = Words("This document was deleted.")
NOT_DELETED = Words("This document was not deleted.")
IS_GONE = Words("This document is gone for good.")
NO_TICKET = Words("This upload was not announced, or too long ago. Please begin again.")

TICKET_LIVES = timedelta(hours=1)

Details = dict[str, Any]


def announce(session: Session, given: Details) -> tuple[Document, str]:
    """A document that awaits its bytes, and the ticket that lets them be sent. Raises Invalid for no type."""
    _check_type(session, given["type_id"])
    ticket, now = secrets.token_urlsafe(), clock.now()
    document = Document(
        id=new_id(),
        version=1,
        state="awaits_content",
        ticket_hash=_hash(ticket),
        ticket_until=now + TICKET_LIVES,
        created_at=now,
        created_by=current().actor,
        **given,
    )
    session.add(document)
    session.flush()
    return document, ticket


def with_ticket(session: Session, document_id: UUID, ticket: str) -> Document:
    """The document whose bytes the ticket lets be sent. Raises NotFound for a ticket of nothing, or one that is over;
    Conflict when they are there."""
    document = session.get(Document, document_id, with_for_update=True)
    if document is None or document.ticket_hash is None or document.ticket_hash != _hash(ticket):
        raise NotFound(NO_TICKET)
    if document.state != "awaits_content":
        raise Conflict(HAS_CONTENT, code="has_content")
    if document.ticket_until is None or document.ticket_until < clock.now():
        raise NotFound(NO_TICKET)
    return document


def accept(session: Session, document: Document, received: Received, files: Files) -> Blob:
    """The bytes have come: the document is there for whoever may see it."""
    blob = keep(session, received, files)
    document.blob_id, document.size, document.state = blob.id, blob.size, "ready"
    document.version += 1
    session.flush()
    _record(session, document, difference({}, document.details()), DOCUMENT_ADDED, blob.media_type)
    return blob


def change(session: Session, document_id: UUID, given: Details, expected: int | None) -> Document:
    """Another name or type; shown to the client, or not any more. Raises NotFound, Stale, Conflict, Invalid."""
    document = _ready(session, document_id, expected)
    changes = difference(document.details(), given)
    if not changes:
        return document
    if "type_id" in changes:
        _check_type(session, given["type_id"])
    for name in changes:
        setattr(document, name, given[name])
    document.version += 1
    session.flush()
    said = None
    if "visible_to_client" in changes:
        said = DOCUMENT_SHOWN if document.visible_to_client else DOCUMENT_HIDDEN
    _record(session, document, changes, said, _media_type(session, document))
    return document


def delete(session: Session, document_id: UUID, expected: int | None) -> Document:
    """Out of sight; it can be brought back for a while. Raises NotFound, Stale, Conflict."""
    document = _ready(session, document_id, expected)
    document.state, document.deleted_at, document.deleted_by = "deleted", clock.now(), current().actor
    document.version += 1
    session.flush()
    _record(session, document, {"deleted": (False, True)}, DOCUMENT_DELETED, _media_type(session, document))
    return document


def restore(session: Session, document_id: UUID) -> Document:
    """As it was before. Raises NotFound, Conflict."""
    document = _locked(session, document_id, None)
    if document.state != "deleted":
        raise Conflict(IS_GONE if document.state == "purged" else NOT_DELETED, code=f"document_{document.state}")
    document.state, document.deleted_at, document.deleted_by = "ready", None, None
    document.version += 1
    session.flush()
    _record(session, document, {"deleted": (True, False)}, DOCUMENT_RESTORED, _media_type(session, document))
    return document


def purge(session: Session, document: Document) -> list[str]:
    """Its bytes go for good and a record stays; the keys that the caller removes from the store after the commit."""
    media_type, blob_id = _media_type(session, document), document.blob_id
    document.state, document.blob_id, document.name = "purged", None, ""
    document.version += 1
    session.flush()
    _record(session, document, {"purged": (False, True)}, DOCUMENT_PURGED, media_type)
    return let_go(session, blob_id) if blob_id else []


def opened(session: Session, document_id: UUID, how: str) -> None:
    context = current()
    row = {"how": how, "actor": context.actor, "channel": context.channel, "at": clock.now()}
    session.add(Opening(id=new_id(), document_id=document_id, **row))


def _ready(session: Session, document_id: UUID, expected: int | None) -> Document:
    document = _locked(session, document_id, expected)
    reasons = {"awaits_content": NO_CONTENT, "deleted": IS_DELETED, "purged": IS_GONE}
    if document.state in reasons:
        raise Conflict(reasons[document.state], code=f"document_{document.state}")
    return document


def _locked(session: Session, document_id: UUID, expected: int | None) -> Document:
    found = session.get(Document, document_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    about = found.client_id
    return locked(session, Document, document_id, expected, kind="document", names=names_of, about=about)


def _check_type(session: Session, type_id: UUID) -> None:
    if session.get(DocumentType, type_id) is None:
        raise Invalid(NO_TYPE, fields={"type_id": [NO_TYPE.format()]})


def _media_type(session: Session, document: Document) -> str | None:
    blob = session.get(Blob, document.blob_id) if document.blob_id else None
    return blob.media_type if blob else None


def _record(
    session: Session, document: Document, changes: Changes, said: Contract | None, media_type: str | None
) -> None:
    record(
        session,
        about=document.client_id,
        kind="document",
        row_id=document.id,
        version=document.version,
        changes=changes,
        says=[Saying(said, document.said(media_type))] if said else [],
    )


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
