"""When the clock was off for long it stops and shows the total, until a person has confirmed it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.billing.models import CatchUp, ClockProgress
from services.memberships.billing.outlook import Counts, would_raise
from services.memberships.policies.actions import policy_of
from shared import clock
from shared.actor import current
from shared.audit import record
from shared.db import Database
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND
from shared.words import Words

ALREADY = Words("This was confirmed already.")

NOTE = text("""
    INSERT INTO clock_progress AS progress (id, caught_up_at) VALUES (1, :now)
    ON CONFLICT (id) DO UPDATE SET caught_up_at = excluded.caught_up_at
    WHERE progress.caught_up_at < excluded.caught_up_at - interval '1 minute'
""")


def note_progress(database: Database) -> None:
    """Everything that is due was raised, as of now; noted to the minute."""
    with database.reading() as connection:
        connection.execute(NOTE, {"now": clock.now()})


def halted(database: Database) -> bool:
    """Whether a person has to confirm first. The clock that finds out that it was off for too long asks for that."""
    with database.reading() as connection:
        caught_up = connection.execute(select(ClockProgress.caught_up_at)).scalar()
        if caught_up is None or clock.now() - caught_up < timedelta(days=1):
            return False
        if clock.now() - caught_up <= timedelta(days=policy_of(connection, None).catch_up_days):
            return False
        asked = connection.execute(select(CatchUp.state).where(CatchUp.off_since == caught_up)).scalar()
    if asked is None:
        _ask(database, caught_up)
    return asked != "confirmed"


def confirm(session: Session, catch_up_id: UUID) -> CatchUp:
    """The clock may charge what it has found. Raises NotFound, Conflict when it was confirmed before."""
    found = session.get(CatchUp, catch_up_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_FOUND)
    if found.state == "confirmed":
        raise Conflict(ALREADY)
    found.state, found.confirmed_at, found.confirmed_by = "confirmed", clock.now(), current().actor_id
    session.flush()
    record(
        session,
        about=found.id,
        kind="catch_up",
        version=2,
        changes={"state": ("waiting", "confirmed"), "totals": (None, found.totals)},
    )
    return found


def _ask(database: Database, off_since: datetime) -> None:
    """Writes down what would be charged. Whoever does it first is right: the table takes one that waits."""
    now = clock.now()
    found = Counts()
    for counts in would_raise(database, now):
        found.add(counts)
    waiting: dict[str, Any] = {"id": new_id(), "off_since": off_since, "found_at": now, "state": "waiting"}
    with database.transaction() as session:
        session.execute(insert(CatchUp).values(**waiting, totals=found.as_list()).on_conflict_do_nothing())
