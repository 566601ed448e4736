"""What a client reads and corrects of themselves, in the portal."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.clients.portal.schemas import OwnCorrections, OwnDetails
from services.clients.profiles import actions, rows
from services.clients.profiles.client import Client
from shared.api import CLIENT, Door, platform, principal, reading, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound, Stale
from shared.words import Words

door = Door("portal", __name__, url_prefix="/api/v1/clients/me", description="A client's own details, in the portal.")

CHANGED = Words("Your details were changed in the meantime. Please look at them once more.")
SHOWN = tuple(OwnDetails().fields)


@door.get("", needs=CLIENT)
@door.response(200, OwnDetails)
@door.doc(**{"x-problems": [404]})
def own_details() -> Any:
    """Who signed in, as far as they may know what is kept of them."""
    with reading() as connection:
        return _own(_here(connection, principal().id))


@door.patch("", needs=CLIENT, parameters=[IF_MATCH])
@door.arguments(OwnCorrections)
@door.response(200, OwnDetails)
@door.doc(**{"x-problems": [404]})
def correct(details: dict[str, Any]) -> Any:
    """Corrects one's own details, with the checks that staff meet. It is on record as the client's doing."""
    expected, chain, me = expected_version(), platform().config.chain, principal().id
    with transaction() as session:
        _here(session, me)
        try:
            client = actions.update(session, me, details, chain=chain, expected=expected)
        except Stale as stale:  # with what staff see of the client, and who of them changed it
            raise Stale(CHANGED, version=stale.extra["version"], changes=[], current={}) from None
    return _own(client)


def _here(connection: Connection | Session, client_id: UUID) -> Client:
    """Their row. Raises NotFound for who has left, until the end of their session arrives."""
    found = rows.find(connection, client_id)
    if found is None or found["archived_at"] is not None:
        raise NotFound(actions.NOT_FOUND)
    return found


def _own(client: Client) -> Any:
    return tagged(client["version"], {name: client[name] for name in SHOWN})
