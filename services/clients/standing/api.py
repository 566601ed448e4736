"""The HTTP door to a client's standing."""

from typing import Any
from uuid import UUID

from services.clients.profiles.actions import lock
from services.clients.profiles.client import shown
from services.clients.profiles.schemas import Client
from services.clients.standing import actions
from services.clients.standing.schemas import GivenStatus, NewBookingBlock
from shared.api import Door, platform, transaction
from shared.api.sight import clients_of
from shared.api.versions import IF_MATCH, answer, expected_version

door = Door(
    "standing",
    __name__,
    url_prefix="/api/v1/clients",
    description="Status, and the appointment black list.",
)

STATUS = "clients.status.write"
BOOKING_BLOCK = "clients.booking_block.write"


@door.put("/<uuid:client_id>/status", needs=STATUS, parameters=[IF_MATCH])
@door.arguments(GivenStatus)
@door.response(200, Client)
def give_status(given: dict[str, Any], client_id: UUID) -> Any:
    """Gives the client another status, with a reason."""
    expected, chain, within = expected_version(), platform().config.chain, clients_of(STATUS)
    with transaction() as session:
        client = lock(session, client_id, chain=chain, expected=expected, within=within)
        client = actions.give_status(session, client, given["status_id"], given["reason"])
    return answer(client["version"], shown(client, chain))


@door.put("/<uuid:client_id>/booking-block", needs=BOOKING_BLOCK, parameters=[IF_MATCH])
@door.arguments(NewBookingBlock)
@door.response(200, Client)
def block_booking(given: dict[str, Any], client_id: UUID) -> Any:
    """Puts the client on the appointment black list or takes them off it, with a reason."""
    expected, chain, within = expected_version(), platform().config.chain, clients_of(BOOKING_BLOCK)
    with transaction() as session:
        client = lock(session, client_id, chain=chain, expected=expected, within=within)
        client = actions.block_booking(session, client, given["blocked"], given["reason"])
    return answer(client["version"], shown(client, chain))
