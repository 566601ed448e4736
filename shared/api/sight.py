"""Of which clients and which branches' rows the one who asks may know.

Clients belong to the chain, unless it is set up with `clients_visibility=branch`: then only those of one's branches are
seen, and those who have none yet.
"""

from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from shared.api.door import principal
from shared.api.platform import platform
from shared.auth.principal import CHAIN
from shared.errors import NotFound
from shared.rows import NOT_FOUND

CLIENT = text("SELECT preferred_branch_id FROM clients WHERE id = :id")


def branches_of(permission: str) -> list[UUID] | None:
    """The branches for which the permission is held; None for every branch of the chain."""
    held = principal().grants.get(permission, frozenset())
    return None if CHAIN in held else [UUID(branch) for branch in held]


def clients_of(permission: str) -> list[UUID] | None:
    """The branches whose clients may be seen; None for every client of the chain."""
    return None if platform().config.clients_visibility == "chain" else branches_of(permission)


def must_see(permission: str, branch_id: UUID) -> None:
    """Raises NotFound for a row of a branch of which the one who asks may not know."""
    if not principal().may(permission, branch_id):
        raise NotFound(NOT_FOUND)


def must_know(session: Session | Connection, client_id: UUID, permission: str) -> None:
    """Raises NotFound when the service's copy has no such client, or the one who asks may not know of them."""
    found = session.execute(CLIENT, {"id": client_id}).one_or_none()
    seen = clients_of(permission)
    if found is None or not (seen is None or found.preferred_branch_id is None or found.preferred_branch_id in seen):
        raise NotFound(NOT_FOUND)
