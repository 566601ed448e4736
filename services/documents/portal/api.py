"""A client's own documents, in the portal: those that are shown to them."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import Select, select

from services.documents.contents.kinds import SHOWN_IN_PLACE
from services.documents.contents.models import Blob
from services.documents.documents.api import FILE, handed_out, small_picture
from services.documents.documents.models import Document
from services.documents.documents.rows import one
from services.documents.documents.schemas import ContentQuery
from services.documents.portal.schemas import OwnDocument
from services.documents.types.models import DocumentType
from shared.api import CLIENT, Door, principal, reading
from shared.api.pages import PageQuery, decode_cursor, page, page_of
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
    .order_by(Document.id.desc())
)  # fmt: skip


def _mine() -> Select[Any]:
    return OWN.where(Document.client_id == principal().id)


@door.get("", needs=CLIENT)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(OwnDocument, "OwnDocuments"))
def documents(query: dict[str, Any]) -> Any:
    """What the chain shows to the one who is signed in, newest first."""
    place = decode_cursor(query.get("cursor"), UUID)
    statement = _mine().limit(query["limit"] + 1)
    if place:
        statement = statement.where(Document.id < place[0])
    with reading() as connection:
        found = connection.execute(statement).mappings().all()
    return page([_shown(row) for row in found], query["limit"], lambda row: (row["id"],))


@door.get("/<uuid:document_id>/content", needs=CLIENT)
@door.arguments(ContentQuery, location="query")
@door.doc(responses=FILE, **{"x-problems": [404, 409, 416]})
def content(query: dict[str, Any], document_id: UUID) -> Response:
    """The bytes of one of them. The opening is on record, as the client's."""
    return handed_out(_one(document_id), download=query["download"])


@door.get("/<uuid:document_id>/thumbnail", needs=CLIENT)
@door.doc(responses=FILE, **{"x-problems": [404]})
def thumbnail(document_id: UUID) -> Response:
    """A small picture of one of them."""
    return small_picture(_one(document_id))


def _one(document_id: UUID) -> dict[str, Any]:
    """Raises NotFound for what is not there, not theirs, or not shown to them: all the same."""
    with reading() as connection:
        if connection.execute(_mine().where(Document.id == document_id)).first() is None:
            raise NotFound(NOT_FOUND)
        return one(connection, document_id)


def _shown(row: Any) -> dict[str, Any]:
    named = row["names"].get(language()) or row["type_name"]
    return {**row, "type_name": named, "shown_in_place": row["media_type"] in SHOWN_IN_PLACE}
