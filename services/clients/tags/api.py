"""The HTTP door to a client's tags."""

from typing import Any
from uuid import UUID

from services.clients.profiles.actions import lock
from services.clients.profiles.client import shown
from services.clients.profiles.schemas import Client
from services.clients.tags import actions
from services.clients.tags.schemas import GivenTags
from shared.api import Door, platform, transaction
from shared.api.sight import clients_of
from shared.api.versions import IF_MATCH, answer, expected_version

door = Door("client_tags", __name__, url_prefix="/api/v1/clients", description="The tags of a client.")


@door.put("/<uuid:client_id>/tags", needs="clients.write", parameters=[IF_MATCH])
@door.arguments(GivenTags)
@door.response(200, Client)
def give_tags(given: dict[str, Any], client_id: UUID) -> Any:
    """Gives the client these tags and no others. A retired one stays where it is, and is given to nobody else."""
    expected, chain, within = expected_version(), platform().config.chain, clients_of("clients.write")
    with transaction() as session:
        client = lock(session, client_id, chain=chain, expected=expected, within=within)
        client = actions.give_tags(session, client, given["tag_ids"])
    return answer(client["version"], shown(client, chain))
