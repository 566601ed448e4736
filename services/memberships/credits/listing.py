"""Credits as the doors show them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Service
from services.memberships.credits.lots import judged, lots
from services.memberships.credits.models import Credit as Row
from services.memberships.credits.schemas import Credit
from services.memberships.dues.models import Due
from services.memberships.named import must_be_client
from shared.api.pages import decode_cursor, page, page_of
from shared.api.sight import branches_of
from shared.errors import NotFound
from shared.rows import NOT_FOUND

Credits = page_of(Credit, "Credits")


def credits(connection: Connection, query: dict[str, Any], *wanted: ColumnElement[bool]) -> dict[str, Any]:
    """A page of those that are wanted, in the order in which they came; `query` is a PageQuery."""
    statement = _shown().where(*wanted).order_by(Row.id).limit(query["limit"] + 1)
    if place := decode_cursor(query.get("cursor"), UUID):
        statement = statement.where(Row.id > place[0])
    return page(_read(connection, statement), query["limit"], lambda row: (row["id"],))


def of_a_client(
    connection: Connection, query: dict[str, Any], permission: str, *wanted: ColumnElement[bool]
) -> dict[str, Any]:
    """The same of a client, as far as the one who asks may know. Raises NotFound for no client."""
    must_be_client(connection, query["client_id"])
    seen = branches_of(permission)
    mine = () if seen is None else (Row.branch_id.in_(seen),)
    return credits(connection, query, Row.client_id == query["client_id"], *mine, *wanted)


def one(session: Session | Connection, credit_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    found = _read(session, _shown().where(Row.id == credit_id))
    if not found:
        raise NotFound(NOT_FOUND)
    return found[0]


def _shown() -> Select[Any]:
    columns = (Branch.name.label("branch_name"), Service.name.label("service_name"), Due.number.label("period"))
    return lots(*columns).outerjoin(Service, Service.id == Row.service_id).outerjoin(Due, Due.id == Row.due_id)


def _read(session: Session | Connection, statement: Select[Any]) -> list[dict[str, Any]]:
    rows = session.execute(statement).all()
    return [{**row._mapping, "withheld": reason} for row, reason in judged(session, rows)]
