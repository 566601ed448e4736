"""The HTTP door to changes of a member's plan."""

from typing import Any
from uuid import UUID

from services.memberships.memberships import rows
from services.memberships.memberships.actions import lock
from services.memberships.memberships.schemas import Membership
from services.memberships.plan_changes import actions
from services.memberships.quotes.api import take
from services.memberships.quotes.schemas import NamesAQuote
from shared.api import Door, principal, transaction
from shared.api.versions import tagged

door = Door("plan_changes", __name__, url_prefix="/api/v1/memberships", description="Another plan for a member.")

CHANGE = "memberships.plan.change"


@door.post("/<uuid:membership_id>/plan-change", needs=CHANGE, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(200, Membership)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], membership_id: UUID) -> Any:
    """Changes the plan as a quote of the act `plan_change` has shown: now, or when the period is over."""
    with transaction() as session:
        rows.seen(session, membership_id)
        membership = lock(session, membership_id, None)
        actions.change(session, membership, take(session, given["quote_id"], "plan_change", membership_id))
        return _answer(session, membership_id)


@door.delete("/<uuid:membership_id>/plan-change", needs=CHANGE)
@door.response(200, Membership)
def withdraw(membership_id: UUID) -> Any:
    """The change that waits is not made: the member keeps their plan."""
    with transaction() as session:
        rows.seen(session, membership_id)
        membership = lock(session, membership_id, None)
        principal().must(CHANGE, membership.branch_id)
        actions.withdraw(session, membership)
        return _answer(session, membership_id)


def _answer(session: Any, membership_id: UUID) -> Any:
    session.flush()
    found = rows.one(session, membership_id)
    return tagged(found["version"], found)
