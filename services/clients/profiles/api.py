"""The HTTP door to clients."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.clients.profiles import actions
from services.clients.profiles.models import Client as Row
from services.clients.profiles.schemas import Client, Details, NewClient, RegisterQuery
from shared.api import Door, reading, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.words import Words

door = Door("clients", __name__, url_prefix="/api/v1/clients", description="Clients and their contact details.")

BY_ID = select(Row.__table__)
_client = Client()


@door.post("", needs="clients.write")
@door.arguments(RegisterQuery, location="query")
@door.arguments(NewClient)
@door.response(201, Client)
@door.doc(**{"x-problems": [409]})
def register(query: dict[str, Any], details: dict[str, Any]) -> Any:
    """Registers a client."""
    with transaction() as session:
        client = actions.register(session, details, force=query["force"])
    return tagged(client.version, client, 201)


@door.get("/<uuid:client_id>", needs="clients.read")
@door.response(200, Client)
def get(client_id: UUID) -> Any:
    """One client."""
    with reading() as connection:
        row = connection.execute(BY_ID.where(Row.id == client_id)).mappings().first()
    if row is None:
        raise NotFound(Words("There is no such client."))
    return tagged(row["version"], dict(row) | {"archived": row["archived_at"] is not None})


@door.patch("/<uuid:client_id>", needs="clients.write", parameters=[IF_MATCH])
@door.arguments(Details)
@door.response(200, Client)
def update(details: dict[str, Any], client_id: UUID) -> Any:
    """Changes contact details; what is not named stays."""
    expected = expected_version()
    with transaction() as session:
        client = actions.update(session, client_id, details, expected)
    return tagged(client.version, client)
