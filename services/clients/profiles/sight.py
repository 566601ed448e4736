"""Which clients the one who asks may know of."""

from uuid import UUID

from services.clients.profiles.rows import Branches
from shared.api import platform, principal
from shared.auth.principal import CHAIN


def sight(permission: str) -> Branches:
    """None for every client of the chain; else the branches for which the permission is held.

    Clients belong to the chain, unless it is set up with `clients_visibility=branch`.
    """
    if platform().config.clients_visibility == "chain":
        return None
    branches = principal().grants.get(permission, frozenset())
    return None if CHAIN in branches else [UUID(branch) for branch in branches]
