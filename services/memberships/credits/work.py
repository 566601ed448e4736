"""Credits expire on their day, at the midnight of their branch."""

from datetime import timedelta

from sqlalchemy import select

from services.memberships.copies.models import Branch
from services.memberships.credits.ledger import write
from services.memberships.credits.lots import local_day
from services.memberships.credits.models import Credit
from services.memberships.credits.rollover import into_the_period_after
from shared import clock
from shared.actor import Context, acting
from shared.contracts.memberships import CREDIT_EXPIRED
from shared.db import Database
from shared.roles import Duty

AT_ONCE = 100
FURTHEST = timedelta(hours=14)
"""Nowhere on earth is the day further on than this from UTC."""


def expire(database: Database) -> bool:
    """Lapses what is left of lots whose day has come, some at a time; whether there were any."""
    nearly = Credit.expires_on <= (clock.now() + FURTHEST).date()  # for the index; the branch's own day decides
    due = (
        select(Credit)
        .join(Branch, Branch.id == Credit.branch_id)
        .where(Credit.available > 0, Credit.status == "active", nearly, Credit.expires_on <= local_day())
        .order_by(Credit.expires_on, Credit.id)
        .limit(AT_ONCE)
        .with_for_update(of=Credit, skip_locked=True)
    )
    with acting(Context("service:memberships", "event")), database.transaction() as session:
        found = list(session.scalars(due))
        for credit in found:
            write(session, credit, "expired", credit.available, CREDIT_EXPIRED, status="expired")
            into_the_period_after(session, credit)
    return bool(found)


DUTIES = [Duty("credits.expire", 60.0, expire)]
