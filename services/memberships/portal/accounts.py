"""Which account of the gateway keeps a card that a client adds by themselves."""

from uuid import UUID

from sqlalchemy import Connection, select

from services.memberships.copies.models import Client
from services.memberships.memberships.models import Membership
from services.memberships.policies.actions import policy_of
from shared.errors import NotFound
from shared.rows import NOT_FOUND


def account_for(connection: Connection, payer_id: UUID, membership_id: UUID | None) -> str:
    """That of the branch of this membership of theirs; raises NotFound for one that they do not pay.

    Without one: of the branch to which they owe something, else of where they pay, else of the branch that they prefer,
    else the chain's.
    """
    paid = select(Membership.branch_id).where(Membership.payer_id == payer_id)
    if membership_id:
        branch_id = connection.scalar(paid.where(Membership.id == membership_id))
        if branch_id is None:
            raise NotFound(NOT_FOUND)
    else:
        first = Membership.lifecycle == "ended", Membership.collection == "none", Membership.id.desc()
        preferred = select(Client.preferred_branch_id).where(Client.id == payer_id)
        branch_id = connection.scalar(paid.order_by(*first).limit(1)) or connection.scalar(preferred)
    return policy_of(connection, branch_id).account
