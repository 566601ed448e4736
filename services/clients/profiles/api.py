"""The HTTP door to clients."""

from typing import Any
from uuid import UUID

from services.clients.profiles import actions, rows
from services.clients.profiles.client import shown
from services.clients.profiles.schemas import Client, Details, NewClient, RegisterQuery
from shared.api import Door, platform, reading, transaction
from shared.api.sight import clients_of
from shared.api.versions import IF_MATCH, answer, expected_version
from shared.errors import NotFound

door = Door("clients", __name__, url_prefix="/api/v1/clients", description="Clients and their contact details.")


@door.post("", needs="clients.write")
@door.arguments(RegisterQuery, location="query")
@door.arguments(NewClient)
@door.response(201, Client)
@door.doc(**{"x-problems": [409]})
def register(query: dict[str, Any], details: dict[str, Any]) -> Any:
    """Registers a client. Refused with 409 and the likely `duplicates` when a phone or e-mail is known already."""
    chain = platform().config.chain
    with transaction() as session:
        client = actions.register(session, details, chain=chain, force=query["force"])
    return answer(client["version"], shown(client, chain), 201)


@door.get("/<uuid:client_id>", needs="clients.read")
@door.response(200, Client)
def get(client_id: UUID) -> Any:
    """One client."""
    with reading() as connection:
        client = rows.find(connection, client_id, clients_of("clients.read"))
    if client is None:
        raise NotFound(actions.NOT_FOUND)
    return answer(client["version"], shown(client, platform().config.chain))


@door.patch("/<uuid:client_id>", needs="clients.write", parameters=[IF_MATCH])
@door.arguments(Details)
@door.response(200, Client)
def update(details: dict[str, Any], client_id: UUID) -> Any:
    """Changes contact details; what is not named stays."""
    expected, chain, within = expected_version(), platform().config.chain, clients_of("clients.write")
    with transaction() as session:
        client = actions.update(session, client_id, details, chain=chain, expected=expected, within=within)
    return answer(client["version"], shown(client, chain))
