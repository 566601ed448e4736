"""The rules of billing: what holds for a branch, and changes of the chain's or a branch's own."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.memberships.policies.policy import Policy

LAYERS = text("SELECT branch_id, settings FROM policies WHERE branch_id IS NULL OR branch_id = ANY(:branches)")


Branch = TypeVar("Branch", UUID, UUID | None)


def policy_of(session: Session | Connection, branch_id: UUID | None) -> Policy:
    """What holds for the branch: its own settings over the chain's over the defaults. None asks for the chain's."""
    return policies_of(session, [branch_id])[branch_id]


def policies_of(session: Session | Connection, branch_ids: Iterable[Branch]) -> dict[Branch, Policy]:
    """The same for several branches at once."""
    wanted = set(branch_ids)
    layers: dict[UUID | None, dict[str, Any]] = {
        row.branch_id: row.settings for row in session.execute(LAYERS, {"branches": list(wanted - {None})})
    }
    chain = layers.get(None, {})
    return {branch: Policy.read(chain, layers.get(branch, {}) if branch else {}) for branch in wanted}
