"""Tries again what has failed, when its time has come."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.clock import BATCH, CLOCK
from services.memberships.dues import failing
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from shared import clock
from shared.actor import acting
from shared.db import Database


def turn(database: Database) -> bool:
    """One batch of the dues whose next attempt has come; whether there was one."""
    with acting(CLOCK), database.transaction() as session:
        dues = _locked(session)
        for due in dues:
            failing.try_again(session, due)
    return bool(dues)


def _locked(session: Session) -> Sequence[Due]:
    """Those that wait for longest and that nobody else has in hand: their memberships locked first, as by everyone."""
    waiting = (
        select(Due.id, Due.membership_id)
        .where(Due.state == "open", Due.retry_at <= clock.now())
        .order_by(Due.retry_at, Due.id)
        .limit(BATCH)
    )
    found = session.execute(waiting).all()
    ids = {membership_id for _, membership_id in found}
    free = set(
        session.scalars(select(Membership).where(Membership.id.in_(ids)).with_for_update(skip_locked=True)).all()
    )
    mine = [due_id for due_id, membership_id in found if membership_id in {membership.id for membership in free}]
    again = (
        select(Due)
        .where(Due.id.in_(mine), Due.state == "open", Due.retry_at <= clock.now())
        .order_by(Due.retry_at, Due.id)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(again.execution_options(populate_existing=True)).all()
