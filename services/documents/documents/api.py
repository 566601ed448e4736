"""The HTTP door to documents (P18 to P20)."""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import ClientDisconnected

from services.documents.contents.models import Blob
from services.documents.contents.parts import Parts
from services.documents.contents.receiving import CUT_OFF, refused
from services.documents.contents.serving import is_first_part, served
from services.documents.copies.models import Branch, Client
from services.documents.copies.served import must_be_served
from services.documents.documents import actions, uploading
from services.documents.documents.models import Document as Row
from services.documents.documents.models import Opening as OpeningRow
from services.documents.documents.rows import SHOWN, one, shown
from services.documents.documents.schemas import (
    MOST_BYTES,
    ContentQuery,
    Document,
    DocumentFields,
    DocumentsOfClient,
    Name,
    NewDocument,
    Opening,
    Upload,
    WholeDocument,
)
from services.documents.stores.open import store
from shared import clock
from shared.api import PUBLIC, Door, platform, principal, reading, transaction
from shared.api.door import INVALID, read_body
from shared.api.fields import ValidationError
from shared.api.pages import PageQuery, newest, page_of
from shared.api.sight import branches_of, must_know, must_see
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import Conflict, Invalid, NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND
from shared.words import Words

door = Door("documents", __name__, url_prefix="/api/v1/documents", description="Files of clients (P18 to P20).")

READ, WRITE, DELETE = "documents.read", "documents.write", "documents.delete"
NO_BRANCH = Words("There is no such branch.")
NO_CLIENT = Words("There is no such client.")
NOT_MADE = Words("The small picture of this file is being made.")
NO_THUMBNAIL = Words("There is no small picture of this file.")
NOT_OPENED = Words("This file is being checked. It can be opened in a moment.")
INFECTED = Words("This file is harmful. Nobody can open it.")
TICKET = {
    "in": "header",
    "name": "Upload-Ticket",
    "required": True,
    "description": "What the announcement answered; it takes the place of a token.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
}
BYTES = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
FILE = {
    "200": {"description": "the bytes", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
}
NEW, WHOLE, NAME = NewDocument(), WholeDocument(), Name(required=True)
ANNOUNCED = {
    "required": True,
    "content": {
        "application/json": {"schema": NewDocument},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["client_id", "branch_id", "type", "file"],
                "additionalProperties": False,
                "properties": {
                    "client_id": {"type": "string", "format": "uuid"},
                    "branch_id": {"type": "string", "format": "uuid"},
                    "type": {"type": "string", "format": "uuid"},
                    "visible_to_client": {"type": "string", "enum": ["true", "false"]},
                    "file": {"type": "string", "format": "binary"},
                },
            }
        },
    },
}
OPENINGS = select(OpeningRow.__table__, actor_name(OpeningRow.actor))


@door.get("", needs=READ)
@door.arguments(DocumentsOfClient, location="query")
@door.response(200, page_of(Document, "Documents"))
@door.doc(**{"x-problems": [404]})
def documents(query: dict[str, Any]) -> Any:
    """Those of a client, newest first; or those that were deleted and can be brought back."""
    seen, kept = branches_of(READ), platform().config.files.keep_deleted
    state = "deleted" if query["deleted"] else "ready"
    statement = SHOWN.where(Row.client_id == query["client_id"], Row.state == state)
    if seen is not None:
        statement = statement.where(Row.branch_id.in_(seen))
    with reading() as connection:
        must_know(connection, query["client_id"], READ)
        return newest(connection, statement, Row.id, query, lambda row: shown(row, kept))


@door.post("", needs=WRITE)
@door.doc(requestBody=ANNOUNCED, **{"x-problems": [409]})
@door.response(201, Upload)
def announce() -> Any:
    """Announces a file: its bytes follow with `PUT …/{id}/content` and the ticket, within the hour. Or takes both at
    once, as `multipart/form-data` with the fields first and then `file`."""
    if request.mimetype == "multipart/form-data":
        return {"document": _one(_whole()), "ticket": None, "until": None}, 201
    given = read_body(NEW, request)
    _check_place(given)
    document_id, ticket = uploading.announce(given)
    return {"document": _one(document_id), "ticket": ticket, "until": clock.now() + actions.TICKET_LIVES}, 201


@door.put("/<uuid:document_id>/content", needs=PUBLIC, parameters=[TICKET])
@door.doc(requestBody=BYTES, **{"x-problems": [404, 409]})
@door.response(200, Document)
def send(document_id: UUID) -> Any:
    """Takes the bytes of an announced file, as they are. Whole or not at all; the type is found in them."""
    request.max_content_length = MOST_BYTES  # what is taken is counted while it comes; None would be the house's own
    uploading.take(document_id, request.headers.get("Upload-Ticket", ""), _read, request.content_length)
    found = _one(document_id)
    return tagged(found["version"], found)


@door.get("/<uuid:document_id>", needs=READ)
@door.response(200, Document)
def show(document_id: UUID) -> Any:
    """One document."""
    found = _seen(document_id, READ)
    return tagged(found["version"], found)


@door.patch("/<uuid:document_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(DocumentFields)
@door.response(200, Document)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], document_id: UUID) -> Any:
    """Another name or type; shown to the client, or not any more."""
    expected = expected_version()
    _seen(document_id, WRITE)
    with transaction() as session:
        actions.change(session, document_id, given, expected)
    found = _one(document_id)
    return tagged(found["version"], found)


@door.delete("/<uuid:document_id>", needs=DELETE, parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.response(204)
def delete(document_id: UUID) -> None:
    """Deletes it. It can be brought back for a while; then its bytes are gone."""
    expected = expected_version()
    _seen(document_id, DELETE)
    with transaction() as session:
        actions.delete(session, document_id, expected)


@door.post("/<uuid:document_id>/restore", needs=DELETE)
@door.doc(**{"x-problems": [409]})
@door.response(200, Document)
def restore(document_id: UUID) -> Any:
    """Brings back what was deleted."""
    _seen(document_id, DELETE)
    with transaction() as session:
        actions.restore(session, document_id)
    found = _one(document_id)
    return tagged(found["version"], found)


@door.get("/<uuid:document_id>/content", needs=READ)
@door.arguments(ContentQuery, location="query")
@door.doc(responses=FILE, **{"x-problems": [409, 416]})
def content(query: dict[str, Any], document_id: UUID) -> Response:
    """The bytes, in place where a browser can show them safely, else to be saved. Every opening is on record."""
    return handed_out(_seen(document_id, READ), download=query["download"])


@door.get("/<uuid:document_id>/thumbnail", needs=READ)
@door.doc(responses=FILE, **{"x-problems": [409]})
def thumbnail(document_id: UUID) -> Response:
    """A small picture of it."""
    return small_picture(_seen(document_id, READ))


@door.get("/<uuid:document_id>/openings", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Opening, "Openings"))
def openings(query: dict[str, Any], document_id: UUID) -> Any:
    """Who opened or downloaded it, newest first."""
    _seen(document_id, READ)
    with reading() as connection:
        return newest(connection, OPENINGS.where(OpeningRow.document_id == document_id), OpeningRow.id, query)


def _whole() -> UUID:
    request.max_content_length = MOST_BYTES  # what is taken is counted while it comes; None would be the house's own
    parts = Parts(_read, request.mimetype_params.get("boundary", "").encode())
    try:
        given = WHOLE.load(parts.fields)
        given["name"] = NAME.deserialize(parts.filename)
    except ValidationError as error:
        found = error.messages if isinstance(error.messages, dict) else {"file": error.messages}
        raise Invalid(INVALID, fields=found) from error
    _check_place(given)
    return uploading.take_whole(given, parts.read, request.content_length)


def handed_out(found: dict[str, Any], *, download: bool) -> Response:
    """The bytes of a document that the caller has been let to. Raises Conflict for what nobody may open."""
    with transaction() as session:
        blob = _bytes_of(session, found)
        answer = served(store(platform().config), blob, found["name"], download=download)
        if answer.status_code != 304 and is_first_part():
            actions.opened(session, found["id"], "downloaded" if download else "viewed")
    return answer


def small_picture(found: dict[str, Any]) -> Response:
    """Raises Conflict while it may still be made, NotFound for a file that has none."""
    with transaction() as session:
        blob = _bytes_of(session, found)
    if blob.preparation == "waiting":
        raise Conflict(NOT_MADE, code="preparation_waiting")
    kept = store(platform().config)
    size = kept.size(blob.thumbnail_key) if blob.has_thumbnail else None
    if size is None:
        raise NotFound(NO_THUMBNAIL)
    headers = {"Cache-Control": "private, max-age=86400", "ETag": f'"{blob.sha256}-t"'}
    return Response(b"".join(kept.read(blob.thumbnail_key, 0, size)), headers=headers, content_type="image/webp")


def _bytes_of(session: Session, found: dict[str, Any]) -> Blob:
    """Raises NotFound for a document that was deleted, Conflict for a file that has not come or nobody may open."""
    if found["state"] == "awaits_content":
        raise Conflict(actions.NO_CONTENT, code="document_awaits_content")
    if found["state"] != "ready":
        raise NotFound(NOT_FOUND)
    blob = session.get_one(Blob, found["blob_id"])
    if not blob.may_be_opened:
        raise Conflict(INFECTED if blob.scan == "infected" else NOT_OPENED, code=f"scan_{blob.scan}")
    return blob


def _read(size: int) -> bytes:
    """The next bytes of the body. Raises Invalid when the other side has gone."""
    try:
        return request.stream.read(size)
    except (ClientDisconnected, OSError) as error:
        raise refused(CUT_OFF) from error


def _check_place(given: dict[str, Any]) -> None:
    """Raises Invalid for no branch or client; Forbidden where the one who asks may not add files; Conflict for a client
    who is archived."""
    with transaction() as session:
        for name, model, words in (("branch_id", Branch, NO_BRANCH), ("client_id", Client, NO_CLIENT)):
            if session.get(model, given[name]) is None:
                raise Invalid(words, fields={name: [words.format()]})
        principal().must(WRITE, given["branch_id"])
        must_be_served(session.get_one(Client, given["client_id"]))


def _seen(document_id: UUID, permission: str) -> dict[str, Any]:
    found = _one(document_id)
    must_see(permission, found["branch_id"])
    return found


def _one(document_id: UUID) -> dict[str, Any]:
    with reading() as connection:
        return shown(one(connection, document_id), platform().config.files.keep_deleted)
