"""The rules of billing: what holds for a branch, and changes of the chain's or a branch's own."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.policies.checks import faults
from services.memberships.policies.models import PolicyRow
from services.memberships.policies.policy import Policy
from shared import layers
from shared.errors import Invalid
from shared.words import Words

UNSUITABLE = Words("These rules do not suit each other.")

Place = TypeVar("Place", UUID, UUID | None)


def policy_of(session: Session | Connection, branch_id: UUID | None) -> Policy:
    """What holds for the branch: its own settings over the chain's over the defaults. None asks for the chain's."""
    return policies_of(session, [branch_id])[branch_id]


def policies_of(session: Session | Connection, branch_ids: Iterable[Place]) -> dict[Place, Policy]:
    """The same for several branches at once."""
    found: dict[Any, Any] = layers.layers_of(session, PolicyRow, branch_ids)
    return {branch: Policy.read(*said) for branch, said in found.items()}


def set_own(session: Session, branch_id: UUID | None, settings: dict[str, Any], expected: int | None) -> None:
    """What the chain or the branch says itself, in place of what it said before; the rest holds as above it.

    Raises NotFound for no branch, Stale, and Invalid when the rules that come of it do not suit each other. It changes
    what is raised from here on: a due keeps the policy under which it was raised.
    """

    def check(places: list[UUID | None]) -> None:
        for policy in policies_of(session, places).values():
            if found := faults(policy):
                raise Invalid(UNSUITABLE, fields={name: [words] for name, words in found.items()})

    layers.set_own(session, PolicyRow, branch_id, settings, expected, kind="policy", branches=Branch, check=check)
