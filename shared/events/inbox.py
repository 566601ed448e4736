"""The inbox: a note of every reaction that ran, in the reaction's own transaction, so that none runs twice.

The promise is exactly one effect in this service's database per reaction and event, for as long as the notes are kept:
longer than the stream remembers, so that a replay of all of it doubles nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database

KEPT = timedelta(days=40)

Note = tuple[str, UUID]
"""A reaction's name and an event's id."""

ONCE = text(
    """
    INSERT INTO inbox (reaction, event_id, at)
    SELECT r, e, :at FROM unnest(CAST(:r AS text[]), CAST(:e AS uuid[])) AS note (r, e) ORDER BY r, e
    ON CONFLICT DO NOTHING RETURNING reaction, event_id
    """
)


def once(session: Session, notes: Sequence[Note]) -> set[Note]:
    """Of these pairs of reaction and event, those that have not run yet; they count as run when this commits."""
    rows = session.execute(
        ONCE,
        {"r": [reaction for reaction, _ in notes], "e": [event_id for _, event_id in notes], "at": clock.now()},
    )
    return {(reaction, event_id) for reaction, event_id in rows}


FORGET = text(
    "DELETE FROM inbox WHERE (reaction, event_id) IN"
    " (SELECT reaction, event_id FROM inbox WHERE at < :before ORDER BY at LIMIT 10000)"
)


def forget_old(database: Database) -> None:
    """Removes the notes that no replay can need any more, in transactions that hold nobody up."""
    gone = 1
    while gone:
        with database.transaction() as session:
            gone = session.execute(FORGET, {"before": clock.now() - KEPT}).rowcount  # type: ignore[attr-defined]
