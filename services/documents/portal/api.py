"""A client's own files, in the portal: documents that are shown to them, and forms to fill in."""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.documents.assignments.api import paper_of
from services.documents.assignments.models import Assignment
from services.documents.assignments.rows import SHOWN as ASSIGNED
from services.documents.contents.kinds import SHOWN_IN_PLACE
from services.documents.contents.models import Blob
from services.documents.documents.api import FILE, handed_out, small_picture
from services.documents.documents.models import Document
from services.documents.documents.rows import one
from services.documents.documents.schemas import ContentQuery
from services.documents.filling import actions as filling
from services.documents.filling.schemas import Draft, Filled, Saved, ToFill
from services.documents.portal.schemas import OwnDocument, OwnForm
from services.documents.types.models import DocumentType
from shared.api import CLIENT, Door, principal, reading, transaction
from shared.api.pages import PageQuery, newest, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND
from shared.words import language

door = Door("portal", __name__, url_prefix="/api/v1/documents/me", description="A client's own files, in the portal.")

OWN = (
    select(
        Document.id, Document.name, Document.size, Document.created_at, Blob.media_type, Blob.has_thumbnail,
        DocumentType.name.label("type_name"), DocumentType.names,
    )
    .join(Blob, Blob.id == Document.blob_id)
    .join(DocumentType, DocumentType.id == Document.type_id)
    .where(Document.state == "ready", Document.visible_to_client, Blob.scan.in_(("none", "clean")))
)  # fmt: skip


def _mine() -> Select[Any]:
    return OWN.where(Document.client_id == principal().id)


@door.get("", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnDocument, "OwnDocuments"))
def documents(query: dict[str, Any]) -> Any:
    """What the chain shows to the one who is signed in, newest first."""
    with reading() as connection:
        return newest(connection, _mine(), Document.id, query, _shown)


@door.get("/<uuid:document_id>/content", needs=CLIENT)
@door.arguments(ContentQuery, location="query")
@door.doc(responses=FILE, **{"x-problems": [404, 409, 416]})
def content(query: dict[str, Any], document_id: UUID) -> Response:
    """The bytes of one of them. The opening is on record, as the client's."""
    return handed_out(_one(document_id), download=query["download"])


@door.get("/<uuid:document_id>/thumbnail", needs=CLIENT)
@door.doc(responses=FILE, **{"x-problems": [404, 409]})
def thumbnail(document_id: UUID) -> Response:
    """A small picture of one of them."""
    return small_picture(_one(document_id))


@door.get("/forms", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnForm, "OwnForms"))
def forms(query: dict[str, Any]) -> Any:
    """Forms to fill in, and those that were filled in, newest first."""
    statement = ASSIGNED.where(Assignment.client_id == principal().id, Assignment.state != "removed")
    with reading() as connection:
        return newest(connection, statement, Assignment.id, query, _form)


@door.post("/forms/<uuid:assignment_id>/opening", needs=CLIENT)
@door.doc(**{"x-problems": [404, 409]})
@door.response(200, ToFill)
def open_form(assignment_id: UUID) -> Any:
    """Opens a form to fill it in: what it asks, with what was typed so far."""
    with transaction() as session:
        _must_be_mine(session, assignment_id)
        found = filling.opened(session, assignment_id)
    return tagged(found["version"], found)


@door.put("/forms/<uuid:assignment_id>/draft", needs=CLIENT, parameters=[IF_MATCH])
@door.arguments(Draft)
@door.doc(**{"x-problems": [404, 409]})
@door.response(200, Saved)
def save_form(given: dict[str, Any], assignment_id: UUID) -> Any:
    """Keeps what was typed so far."""
    expected = expected_version()
    with transaction() as session:
        _must_be_mine(session, assignment_id)
        version = filling.save(session, assignment_id, given["answers"], expected)
    return tagged(version, {"version": version})


@door.post("/forms/<uuid:assignment_id>/submission", needs=CLIENT, parameters=[IF_MATCH])
@door.arguments(Filled)
@door.doc(**{"x-problems": [404, 409]})
@door.response(204)
def submit_form(given: dict[str, Any], assignment_id: UUID) -> None:
    """Signs it: after that it cannot be changed any more."""
    expected = expected_version()
    with transaction() as session:
        _must_be_mine(session, assignment_id)
        filling.submit(session, assignment_id, given, expected, address=request.remote_addr or "")


@door.get("/forms/<uuid:assignment_id>/paper", needs=CLIENT)
@door.arguments(ContentQuery, location="query")
@door.doc(responses=FILE, **{"x-problems": [404, 409, 416]})
def paper(query: dict[str, Any], assignment_id: UUID) -> Response:
    """What they have signed, as a PDF."""
    with reading() as connection:
        mine = ASSIGNED.where(Assignment.id == assignment_id, Assignment.client_id == principal().id)
        found = connection.execute(mine).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return paper_of(dict(found), download=query["download"])


def _must_be_mine(session: Session, assignment_id: UUID) -> None:
    """Raises NotFound for what is not there, not theirs, or taken back: all the same."""
    found = session.get(Assignment, assignment_id)
    if found is None or found.client_id != principal().id or found.state == "removed":
        raise NotFound(NOT_FOUND)


def _form(row: Any) -> dict[str, Any]:
    return {**row, "form_name": row["form_names"].get(language()) or row["form_name"]}


def _one(document_id: UUID) -> dict[str, Any]:
    """Raises NotFound for what is not there, not theirs, or not shown to them: all the same."""
    with reading() as connection:
        if connection.execute(_mine().where(Document.id == document_id)).first() is None:
            raise NotFound(NOT_FOUND)
        return one(connection, document_id)


def _shown(row: Any) -> dict[str, Any]:
    named = row["names"].get(language()) or row["type_name"]
    return {**row, "type_name": named, "shown_in_place": row["media_type"] in SHOWN_IN_PLACE}
