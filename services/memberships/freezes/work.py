"""Freezes begin and end on their days, at the midnight of their branch; monthly fees are asked for."""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.freezes import actions
from services.memberships.freezes.models import Freeze
from services.memberships.freezes.rules import months_begun
from services.memberships.memberships.models import Membership
from shared import clock
from shared.actor import Context, acting
from shared.db import Database
from shared.errors import Conflict
from shared.roles import Duty

FURTHEST = timedelta(hours=14)
"""Nowhere on earth is the day further on than this from UTC."""
HOUSE = Context(actor="service:memberships", channel="event")


def turn(database: Database) -> bool:
    """Begins or ends one freeze whose day has come; whether there was one."""
    latest = (clock.now() + FURTHEST).date()
    coming = select(Freeze.id, Freeze.membership_id).where(
        or_(
            (Freeze.state == "planned") & (Freeze.starts_on <= latest),
            (Freeze.state == "running") & (Freeze.ends_on <= latest),
        )
    )
    with database.transaction() as session:
        found = session.execute(coming.order_by(Freeze.starts_on, Freeze.id).limit(100)).all()
    return any([_turn(database, freeze_id, membership_id) for freeze_id, membership_id in found])


def _turn(database: Database, freeze_id: object, membership_id: object) -> bool:
    """The membership is locked first, as whoever changes one does; then it is looked at again."""
    with acting(HOUSE), database.transaction() as session:
        membership = session.get_one(Membership, membership_id, with_for_update=True)
        row = session.get_one(Freeze, freeze_id, with_for_update=True)
        today = _today(session, membership)
        if membership.lifecycle == "ended":
            row.state = "over" if row.state == "running" else "withdrawn"
        elif row.state == "planned" and row.starts_on <= today:
            actions.begin(session, membership, row)
        elif row.state == "running" and row.ends_on <= today:
            actions.end(session, membership, row)
        else:
            return False
    return True


def charge_months(database: Database) -> bool:
    """Asks for the months that have begun of freezes with a monthly fee. One whose payment is on its way waits."""
    monthly = select(Freeze).where(Freeze.state == "running", Freeze.fee_per == "month", Freeze.fee > 0)
    with database.transaction() as session:
        found = [(row.id, row.membership_id) for row in session.scalars(monthly) if _owes(session, row)]
    return any([_charge(database, freeze_id, membership_id) for freeze_id, membership_id in found])


def _charge(database: Database, freeze_id: object, membership_id: object) -> bool:
    try:
        with acting(HOUSE), database.transaction() as session:
            session.get_one(Membership, membership_id, with_for_update=True)
            row = session.get_one(Freeze, freeze_id, with_for_update=True)
            if row.state != "running" or not _owes(session, row):
                return False
            actions.charge_month(session, row)
        return True
    except Conflict:
        return False


def _owes(session: Session, row: Freeze) -> bool:
    today = _today(session, session.get_one(Membership, row.membership_id))
    return months_begun((row.starts_on, row.ends_on), today) > row.fees


def _today(session: Session, membership: Membership) -> date:
    return clock.today(session.get_one(Branch, membership.branch_id).time_zone)


DUTIES = [Duty("freezes.turn", 20.0, turn), Duty("freezes.charge_months", 300.0, charge_months)]
