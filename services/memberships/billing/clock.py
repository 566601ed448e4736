"""The billing clock: finds what is due and raises it, in batches, by any number of workers at once.

A batch is one transaction. It takes the memberships that have been due for longest, leaves out those that another
worker has in hand, raises the next period of each and moves it on: so none is raised twice, and a worker that is
killed leaves nothing half done.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from services.memberships.billing.catching_up import halted, note_progress
from services.memberships.billing.outlook import Counts, due
from services.memberships.billing.period import raise_periods
from services.memberships.memberships.models import Membership
from shared import clock
from shared.actor import Context, acting
from shared.db import Database

BATCH = 50
CLOCK = Context(actor="service:memberships", channel="api")


def turn(database: Database) -> bool:
    """One batch of what is due now; whether there was one. Nothing while the clock waits for a person's word."""
    if halted(database):
        return False
    with acting(CLOCK), database.transaction() as session:
        found = _raise(session, clock.now())
    if found is None:
        note_progress(database)
    return found is not None


def run_until(database: Database, until: datetime, day: date) -> Iterator[Counts]:
    """Raises everything that is due until that moment, of no later day than this; counts it batch by batch."""
    while True:
        with acting(CLOCK), database.transaction() as session:
            found = _raise(session, until, day)
        if found is None:
            return
        yield found


def _raise(session: Session, until: datetime, day: date | None = None) -> Counts | None:
    """Raises one batch; None when nothing is due that nobody else has in hand."""
    statement = due(until, day).limit(BATCH).with_for_update(skip_locked=True)
    memberships: list[Membership] = list(session.scalars(statement))
    if not memberships:
        return None
    counts = Counts()
    for membership in memberships:
        counts[membership.currency].memberships += 1
    for raised in raise_periods(session, memberships):
        counts.see(raised.currency, raised.amount + raised.from_balance, skipped=raised.state == "skipped")
    return counts
