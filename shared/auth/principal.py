"""The one who asks, as their token says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from shared.errors import Forbidden
from shared.words import Words

CHAIN = "*"
"""In place of a branch: all of the chain."""

MISSING = Words("You may not do this: the permission {permission} is missing.")
NO_CLIENT = Words("This is for clients, in their portal.")


@dataclass(frozen=True)
class Principal:
    kind: str
    """staff, client or machine."""
    id: UUID
    session_id: UUID
    grants: Mapping[str, frozenset[str]]
    """Permission to the branches it holds for; `*` is every branch."""
    expires_at: float

    @cached_property
    def actor(self) -> str:
        return f"{self.kind}:{self.id}"

    def may(self, permission: str, branch_id: UUID | None = None) -> bool:
        """Whether the permission is held for that branch, or anywhere when none is named."""
        branches = self.grants.get(permission)
        if not branches:
            return False
        return branch_id is None or CHAIN in branches or str(branch_id) in branches

    def may_everywhere(self, permission: str) -> bool:
        """Whether the permission is held for the whole chain."""
        return CHAIN in self.grants.get(permission, ())

    def must(self, permission: str, branch_id: UUID | None = None) -> None:
        """Raises Forbidden unless `may`."""
        if not self.may(permission, branch_id):
            raise Forbidden(MISSING, permission=permission)

    def must_be_client(self) -> None:
        """Raises Forbidden for staff and machines."""
        if self.kind != "client":
            raise Forbidden(NO_CLIENT)

    def must_everywhere(self, permission: str) -> None:
        """Raises Forbidden unless `may_everywhere`."""
        if not self.may_everywhere(permission):
            raise Forbidden(MISSING, permission=permission)


def from_claims(claims: Mapping[str, Any]) -> Principal:
    """Reads the claims of a token that was verified. Grants come as `[[branches, permissions], …]` to stay small."""
    kind, _, name = str(claims["sub"]).partition(":")
    grants: dict[str, set[str]] = {}
    for branches, permissions in claims.get("grants", []):
        for permission in permissions:
            grants.setdefault(permission, set()).update(branches)
    return Principal(
        kind=kind,
        id=UUID(name),
        session_id=UUID(claims["sid"]),
        grants={permission: frozenset(branches) for permission, branches in grants.items()},
        expires_at=float(claims["exp"]),
    )
