"""The HTTP door to document types."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from services.documents.types import actions
from services.documents.types.models import DocumentType as Row
from services.documents.types.schemas import DocumentType, NewType, TypeFields, TypeQuery
from shared.api import Door, reading, transaction
from shared.api.pages import decode_cursor, page, page_of, whole
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door(
    "types", __name__, url_prefix="/api/v1/documents/types", description="The chain's own list of document types."
)

READ, WRITE = "documents.read", "documents.types.write"


@door.get("", needs=READ)
@door.arguments(TypeQuery, location="query")
@door.response(200, page_of(DocumentType, "DocumentTypes"))
def types(query: dict[str, Any]) -> Any:
    """The types that a document may have, in the chain's order."""
    place = decode_cursor(query.get("cursor"), whole, UUID)
    order = tuple_(Row.position, Row.id)
    statement = select(Row.__table__).order_by(order).limit(query["limit"] + 1)
    if place:
        statement = statement.where(order > tuple_(*place))
    if "active" in query:
        statement = statement.where(Row.active == query["active"])
    with reading() as connection:
        found = connection.execute(statement).mappings().all()
    return page(found, query["limit"], lambda row: (row["position"], row["id"]))


@door.post("", needs=WRITE)
@door.arguments(NewType)
@door.response(201, DocumentType)
@door.doc(**{"x-problems": [409]})
def add(given: dict[str, Any]) -> Any:
    """Adds a type."""
    with transaction() as session:
        row = actions.add(session, given)
    return tagged(row.version, row, 201)


@door.patch("/<uuid:type_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(TypeFields)
@door.response(200, DocumentType)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], type_id: UUID) -> Any:
    """Changes a type; `active: false` retires it, and documents that have it keep it."""
    expected = expected_version()
    with transaction() as session:
        row = actions.change(session, type_id, given, expected)
    return tagged(row.version, row)
