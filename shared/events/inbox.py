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

KEPT = timedelta(days=40)

Note = tuple[str, UUID]


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


def forget_old(session: Session) -> int:
    """Removes the notes that no replay can need any more; answers how many."""
    result = session.execute(text("DELETE FROM inbox WHERE at < :before"), {"before": clock.now() - KEPT})
    return result.rowcount  # type: ignore[attr-defined]
