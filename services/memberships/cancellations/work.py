"""Memberships begin and end on their days, at the midnight of their branch."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.memberships.cancellations import actions
from services.memberships.copies.models import Branch
from services.memberships.memberships.models import Membership
from services.memberships.payments.actions import must_be_quiet
from shared import clock
from shared.actor import Context, acting
from shared.audit import Saying, record
from shared.contracts.memberships import MEMBERSHIP_UPDATED
from shared.db import Database
from shared.errors import Conflict
from shared.roles import Duty

AT_ONCE = 200
FURTHEST = timedelta(hours=14)
"""Nowhere on earth is the day further on than this from UTC."""
HOUSE = Context(actor="service:memberships", channel="event")


def turn(database: Database) -> bool:
    """Begins trials whose first day has come, and ends memberships whose last day is over; whether there were any."""
    latest = (clock.now() + FURTHEST).date()
    coming = (
        select(Membership.id)
        .where(
            or_(
                (Membership.lifecycle == "pending") & (Membership.starts_on <= latest),
                (Membership.lifecycle != "ended") & (Membership.ends_on <= latest),
            )
        )
        .limit(AT_ONCE)
    )
    with database.transaction() as session:
        found = session.scalars(coming).all()
    return any([_turn(database, membership_id) for membership_id in found])


def _turn(database: Database, membership_id: UUID) -> bool:
    """Looks again under the membership's lock. While a payment is on its way the end waits for its outcome."""
    with acting(HOUSE), database.transaction() as session:
        membership = session.get_one(Membership, membership_id, with_for_update=True)
        today = clock.today(session.get_one(Branch, membership.branch_id).time_zone)
        if membership.lifecycle != "ended" and membership.ends_on and membership.ends_on <= today:
            return _end(session, membership)
        begins = membership.trial_ends_on is not None and membership.starts_on <= today
        if membership.lifecycle == "pending" and begins:
            _begin_trial(session, membership)
            return True
    return False


def _end(session: Session, membership: Membership) -> bool:
    try:
        must_be_quiet(session, membership.id)
    except Conflict:
        return False
    cancellation = actions.waiting(session, membership.id)
    if cancellation is None:
        actions.expire(session, membership)
    else:
        actions.carry_out(session, membership, cancellation)
    return True


def _begin_trial(session: Session, membership: Membership) -> None:
    membership.lifecycle = "trial"
    membership.version += 1
    session.flush()
    record(
        session,
        about=membership.id,
        kind="membership",
        version=membership.version,
        changes={"lifecycle": ("pending", "trial")},
        says=[Saying(MEMBERSHIP_UPDATED, membership.state() | {"changed": ["lifecycle"]})],
    )


DUTIES = [Duty("cancellations.turn", 20.0, turn)]
