"""The HTTP door to weights."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from services.clients.copies.models import Employee
from services.clients.profiles import rows
from services.clients.profiles.actions import NOT_FOUND, lock
from services.clients.weights.actions import record_weight
from services.clients.weights.models import Weight as Row
from services.clients.weights.schemas import NewWeight, Weight
from shared.api import Door, platform, reading, transaction
from shared.api.pages import PageQuery, decode_cursor, page, page_of
from shared.api.sight import clients_of
from shared.api.versions import tagged
from shared.errors import NotFound

door = Door("weights", __name__, url_prefix="/api/v1/clients", description="The client's weight and its history.")

READ, WRITE = "clients.weight.read", "clients.weight.write"
WEIGHTS = select(Row.__table__, Employee.name.label("by")).outerjoin(Employee, Employee.id == Row.recorded_by)
NEWEST = tuple_(Row.taken_on, Row.id)


@door.get("/<uuid:client_id>/weights", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Weight, "Weights"))
def weights(query: dict[str, Any], client_id: UUID) -> Any:
    """The weights that were taken, the latest first."""
    place = decode_cursor(query.get("cursor"), date.fromisoformat, UUID)
    statement = WEIGHTS.where(Row.client_id == client_id).order_by(Row.taken_on.desc(), Row.id.desc())
    if place:
        statement = statement.where(tuple_(*place) > NEWEST)
    with reading() as connection:
        if rows.find(connection, client_id, clients_of(READ)) is None:
            raise NotFound(NOT_FOUND)
        found = connection.execute(statement.limit(query["limit"] + 1)).mappings().all()
    shown = page(found, query["limit"], lambda row: (row["taken_on"], row["id"]))
    return shown | {"items": [_shown(row) for row in shown["items"]]}


@door.post("/<uuid:client_id>/weights", needs=WRITE)
@door.arguments(NewWeight)
@door.response(201, Weight)
def add_weight(given: dict[str, Any], client_id: UUID) -> Any:
    """Keeps a weight that was taken."""
    chain, within = platform().config.chain, clients_of(WRITE)
    with transaction() as session:
        weight = record_weight(session, lock(session, client_id, chain=chain, within=within), given, chain)
        kept = session.execute(WEIGHTS.where(Row.id == weight.id)).mappings().one()
    return tagged(1, _shown(kept), 201)


def _shown(weight: Mapping[Any, Any]) -> dict[str, Any]:
    return {**weight, "version": 1, "recorded_by": weight["by"]}
