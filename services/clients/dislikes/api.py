"""The HTTP door to dislikes."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.clients.copies.models import Employee, Service
from services.clients.dislikes import actions
from services.clients.dislikes.models import Dislike as Row
from services.clients.dislikes.schemas import Dislike, DislikeFields, NewDislike
from services.clients.profiles import rows
from services.clients.profiles.actions import NOT_FOUND
from services.clients.profiles.client import Client
from shared.api import Door, reading, transaction
from shared.api.pages import PageQuery, oldest, page_of
from shared.api.sight import clients_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound

door = Door(
    "dislikes", __name__, url_prefix="/api/v1/clients", description="Services that the client must never be booked for."
)

READ, WRITE = "clients.read", "clients.dislikes.write"
DISLIKES = (
    select(
        *(column for column in Row.__table__.c if column.name != "created_by"),
        Service.name.label("service_name"),
        Employee.name.label("created_by"),
    )
    .outerjoin(Service, Service.id == Row.service_id)
    .outerjoin(Employee, Employee.id == Row.created_by)
)


@door.get("/<uuid:client_id>/dislikes", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Dislike, "Dislikes"))
def dislikes(query: dict[str, Any], client_id: UUID) -> Any:
    """The services that the client must never be booked for, in the order in which they were added."""
    with reading() as connection:
        _known(connection, client_id, READ)
        return oldest(connection, DISLIKES.where(Row.client_id == client_id), Row.id, query)


@door.post("/<uuid:client_id>/dislikes", needs=WRITE)
@door.arguments(NewDislike)
@door.response(201, Dislike)
@door.doc(**{"x-problems": [409]})
def add(given: dict[str, Any], client_id: UUID) -> Any:
    """Adds a service that the client must never be booked for."""
    with transaction() as session:
        dislike = actions.add(session, _known(session, client_id, WRITE), given)
        return tagged(dislike.version, _shown(session, dislike), 201)


@door.patch("/<uuid:client_id>/dislikes/<uuid:dislike_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(DislikeFields)
@door.response(200, Dislike)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], client_id: UUID, dislike_id: UUID) -> Any:
    """Changes the service or the comment."""
    expected = expected_version()
    with transaction() as session:
        _known(session, client_id, WRITE)
        dislike = actions.change(session, client_id, dislike_id, given, expected)
        return tagged(dislike.version, _shown(session, dislike))


@door.delete("/<uuid:client_id>/dislikes/<uuid:dislike_id>", needs=WRITE, parameters=[IF_MATCH])
@door.response(204)
def remove(client_id: UUID, dislike_id: UUID) -> None:
    """Removes it: the client may be booked for the service again."""
    expected = expected_version()
    with transaction() as session:
        _known(session, client_id, WRITE)
        actions.remove(session, client_id, dislike_id, expected)


def _known(session: Any, client_id: UUID, permission: str) -> Client:
    """The client. Raises NotFound when there is none, or the one who asks may not know of them."""
    client = rows.find(session, client_id, clients_of(permission))
    if client is None:
        raise NotFound(NOT_FOUND)
    return client


def _shown(session: Session, dislike: Row) -> Any:
    return session.execute(DISLIKES.where(Row.id == dislike.id)).mappings().one()
