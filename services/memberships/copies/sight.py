"""Which clients the one who asks may know of."""

from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from shared.api import platform, principal
from shared.auth.principal import CHAIN
from shared.errors import NotFound
from shared.rows import NOT_FOUND

CLIENT = text("SELECT preferred_branch_id FROM clients WHERE id = :id")


def must_know(session: Session | Connection, client_id: UUID, permission: str) -> None:
    """Raises NotFound when there is no such client, or the one who asks may not know of them.

    Clients belong to the chain, unless it is set up with `clients_visibility=branch`: then only those of one's branches
    are seen, and those who have none yet.
    """
    found = session.execute(CLIENT, {"id": client_id}).one_or_none()
    if found is None or not _is_seen(found.preferred_branch_id, permission):
        raise NotFound(NOT_FOUND)


def _is_seen(branch_id: UUID | None, permission: str) -> bool:
    if platform().config.clients_visibility == "chain" or branch_id is None:
        return True
    branches = principal().grants.get(permission, frozenset())
    return CHAIN in branches or str(branch_id) in branches
