"""The HTTP door to moves of a plan's members."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.memberships.plan_moves import actions
from services.memberships.plan_moves.models import PlanMove as Row
from services.memberships.plan_moves.schemas import DryRun, Move, PlanMove
from services.memberships.plans.actions import WRITE, must_sell
from shared.api import Door, principal, reading, transaction
from shared.api.pages import PageQuery, newest, page_of

door = Door(
    "plan_moves",
    __name__,
    url_prefix="/api/v1/memberships/plans",
    description="Moving the members of a plan to its newest terms.",
)


@door.get("/<uuid:plan_id>/moves", needs=WRITE)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(PlanMove, "PlanMoves"))
def moves(query: dict[str, Any], plan_id: UUID) -> Any:
    """The moves of a plan's members, newest first, and how far each has come."""
    with reading() as connection:
        return newest(connection, select(Row.__table__).where(Row.plan_id == plan_id), Row.id, query)


@door.post("/<uuid:plan_id>/moves/preview", needs=WRITE)
@door.arguments(Move)
@door.response(200, DryRun)
def preview(given: dict[str, Any], plan_id: UUID) -> Any:
    """A dry run: how many would be moved from which terms, and what that changes for each of them."""
    with transaction() as session:
        plan, groups = actions.look(session, plan_id, given)
        must_sell(principal(), plan.branch_ids)
        members = sum(group.members for group in groups)
    return {"terms_number": plan.terms_number, "members": members, "groups": groups, **given}


@door.post("/<uuid:plan_id>/moves", needs=WRITE)
@door.arguments(Move)
@door.response(201, PlanMove)
@door.doc(**{"x-problems": [409]})
def begin(given: dict[str, Any], plan_id: UUID) -> Any:
    """Begins to move them; a worker does it within seconds, batch by batch."""
    with transaction() as session:
        return actions.begin(session, principal(), plan_id, given), 201
