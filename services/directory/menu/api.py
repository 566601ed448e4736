"""The HTTP door to the services on offer."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.directory.listing import ListQuery, listed, one
from services.directory.menu import actions
from services.directory.menu.models import Price
from services.directory.menu.models import Service as Row
from services.directory.menu.schemas import NewService, Service, ServiceFields
from services.directory.names import names
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.fields import Text, fields
from shared.api.pages import PageQuery, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door("menu", __name__, url_prefix="/api/v1/directory", description="The services on offer, and their prices.")

TABLE = Row.__table__
PRICE = func.jsonb_build_object("branch_id", Price.branch_id, "amount", Price.amount, "currency", Price.currency)
PRICES = (
    select(func.coalesce(func.jsonb_agg(aggregate_order_by(PRICE, Price.branch_id)), func.jsonb_build_array()))
    .where(Price.service_id == TABLE.c.id)
    .scalar_subquery()
)
SERVICES = select(TABLE, PRICES.label("prices"))


class ServiceQuery(ListQuery):
    branch_id = fields.UUID(metadata={"description": "those with a price at this branch"})
    category = Text(100)


@door.get("/services", needs="directory.read")
@door.arguments(ServiceQuery, location="query")
@door.response(200, page_of(Service, "Services"))
def services(query: dict[str, Any]) -> Any:
    """Services on offer, by name."""
    statement = SERVICES
    if "branch_id" in query:
        offered = select(Price.service_id).where(Price.branch_id == query["branch_id"])
        statement = statement.where(TABLE.c.id.in_(offered))
    if "category" in query:
        statement = statement.where(TABLE.c.category == query["category"])
    return listed(statement, TABLE, query)


@door.get("/services/<uuid:service_id>", needs="directory.read")
@door.response(200, Service)
def service(service_id: UUID) -> Any:
    """One service."""
    found = one(SERVICES, TABLE, service_id)
    return tagged(found["version"], found)


@door.post("/services", needs="directory.menu.write")
@door.doc(**{"x-problems": [409]})
@door.arguments(NewService)
@door.response(201, Service)
def add_service(details: dict[str, Any]) -> Any:
    """Adds a service."""
    with transaction() as session:
        row = actions.add(session, principal(), details)
    return tagged(row.version, row.shown(), 201)


@door.patch("/services/<uuid:service_id>", needs="directory.menu.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(ServiceFields)
@door.response(200, Service)
def change_service(details: dict[str, Any], service_id: UUID) -> Any:
    """Changes what is named; the rest stays."""
    with transaction() as session:
        row = actions.change(session, principal(), service_id, details, expected_version())
    return tagged(row.version, row.shown())


@door.get("/services/<uuid:service_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def service_changes(query: dict[str, Any], service_id: UUID) -> Any:
    """Who changed what of it, newest first."""
    one(SERVICES, TABLE, service_id)
    return changes_of(service_id, query, names)
