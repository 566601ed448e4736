"""Ended sessions: their tokens are refused before they expire, within a second of the event."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.contracts.directory import SESSION_ENDED
from shared.db import Database
from shared.events.envelope import Event
from shared.events.reactions import Reactions

KEPT = "10 minutes"
LOOK_SECONDS = 1.0

reactions = Reactions()


@reactions.on(SESSION_ENDED)
def end_session(session: Session, event: Event) -> None:
    remember(session, UUID(event.data["session_id"]))


def remember(session: Session, session_id: UUID) -> None:
    """Refuses the session here; forgets those whose tokens have all expired."""
    now = clock.now()
    session.execute(
        text("INSERT INTO ended_sessions (session_id, at) VALUES (:id, :now) ON CONFLICT DO NOTHING"),
        {"id": session_id, "now": now},
    )
    session.execute(
        text("DELETE FROM ended_sessions WHERE at < :now - CAST(:kept AS interval)"), {"now": now, "kept": KEPT}
    )


class EndedSessions:
    """What an HTTP process knows of ended sessions; looks anew at most once a second, when asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended: frozenset[UUID] = frozenset()
        self._looked = float("-inf")

    def has(self, session_id: UUID) -> bool:
        if clock.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = clock.monotonic()
            with self._database.reading() as connection:
                rows = connection.execute(text("SELECT session_id FROM ended_sessions"))
                self._ended = frozenset(row[0] for row in rows)
        return session_id in self._ended
