"""The rules of billing: what holds for a branch, and changes of the chain's or a branch's own."""

from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.memberships.policies.policy import Policy

LAYERS = text(
    "SELECT settings FROM policies WHERE branch_id IS NULL OR branch_id = :branch ORDER BY branch_id NULLS FIRST"
)


def policy_of(session: Session | Connection, branch_id: UUID | None) -> Policy:
    """What holds for the branch: its own settings over the chain's over the defaults. None asks for the chain's."""
    return Policy.read(*session.execute(LAYERS, {"branch": branch_id}).scalars())
