"""Moves members batch by batch: a move that was stopped goes on where it was."""

from sqlalchemy import select

from services.memberships.plan_moves.actions import go_on
from services.memberships.plan_moves.models import PlanMove
from shared.actor import Context, acting
from shared.db import Database
from shared.roles import Duty


def move_members(database: Database) -> bool:
    """One batch of one move that nobody else is at; says whether there was one."""
    wanted = select(PlanMove).where(PlanMove.state == "running").limit(1).with_for_update(skip_locked=True)
    with acting(Context(actor="service:memberships", channel="api")), database.transaction() as session:
        move = session.scalar(wanted)
        if move is not None:
            go_on(session, move)
    return move is not None


DUTIES = [Duty("plan_moves.move_members", 5.0, move_members)]
