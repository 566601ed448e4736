"""What a consumer could not do: a row per reaction and event, tried again with growing delay, then a dead letter.

An attempt is counted and committed before it is made, so that an event that kills the process uses up its attempts
like any other and ends as a dead letter, alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from shared import clock
from shared.db import run

NO_END = "the process ended while this ran"
UNREAD = "-"
"""Stands for the reaction and the type of what could not be read; with a type behind it, for what awaits a release."""
UNCLAIMED = timedelta(hours=1)
AWAITED = timedelta(days=7)
"""How long an event waits for a release with a reaction to its type. An upgrade takes minutes; a bad one, a weekend."""


@dataclass(frozen=True)
class Failure:
    id: UUID
    reaction: str
    event_id: UUID
    type: str
    body: str
    attempts: int
    dead: bool
    reason: str
    failed_at: datetime


COLUMNS = "id, reaction, event_id, type, body, attempts, dead, reason, failed_at"


def park(session: Session, failure: Failure, due_at: datetime | None) -> Failure:
    """Keeps it, and answers the row as kept: the same reaction to the same event is one row, with its first id."""
    row = session.execute(
        text(
            f"INSERT INTO failures ({COLUMNS}, due_at)"
            " VALUES (:id, :reaction, :event_id, :type, :body, :attempts, :dead, :reason, :failed_at, :due_at)"
            " ON CONFLICT (reaction, event_id) DO UPDATE SET attempts = greatest(failures.attempts, EXCLUDED.attempts),"
            " dead = failures.dead OR EXCLUDED.dead, reason = EXCLUDED.reason, failed_at = EXCLUDED.failed_at,"
            " due_at = CASE WHEN NOT failures.dead THEN EXCLUDED.due_at END"
            f" RETURNING {COLUMNS}"
        ),
        {**failure.__dict__, "due_at": due_at},
    ).one()
    return Failure(*row)


def any_due(connection: Connection) -> bool:
    """A look that costs next to nothing; it may be wrong by the time that somebody claims."""
    look = "SELECT FROM failures WHERE NOT dead AND due_at <= %(now)s LIMIT 1"
    return run(connection, look, {"now": clock.now()}).fetchone() is not None


def claim(session: Session, delays: Sequence[float], known: Sequence[tuple[str, str]]) -> Failure | None:
    """One failure that is due, its next attempt already counted and the one after it scheduled.

    Of the pairs of reaction and type that are known here: a consumer of another release may run beside this one, and
    knows others. What nobody has claimed for an hour is claimed all the same.

    With no delay left, the attempt now made is the last: the row is dead unless the attempt removes it. So is the
    third attempt of one that ended the process before: others run in that process.
    """
    row = session.execute(
        text(
            "UPDATE failures SET attempts = attempts + 1, reason = :no_end, failed_at = :now,"
            " due_at = CASE WHEN attempts < :most THEN :now + (CAST(:delays AS float8[]))[attempts + 1]"
            " * interval '1 second' END, dead = attempts >= :most OR (reason = :no_end AND attempts >= 2)"
            " WHERE id = (SELECT id FROM failures WHERE NOT dead AND due_at <= :now AND (due_at <= :unclaimed OR"
            " (reaction, type) IN (SELECT * FROM unnest(CAST(:reactions AS text[]), CAST(:types AS text[]))))"
            f" ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {COLUMNS}"
        ),
        {
            "now": clock.now(),
            "delays": list(delays),
            "most": len(delays),
            "no_end": NO_END,
            "unclaimed": clock.now() - UNCLAIMED,
            "reactions": [reaction for reaction, _ in known],
            "types": [type_ for _, type_ in known],
        },
    ).first()
    return Failure(*row) if row else None


def awaiting(type_: str) -> str:
    """What stands for the reaction to a type that this release does not know. A name per type, to be found by key."""
    return UNREAD + type_


def awaited(session: Session, types: Sequence[str], limit: int) -> list[Failure]:
    """What awaits a release that reacts to these types, oldest first, locked; what another has locked is left out."""
    rows = session.execute(
        text(
            f"SELECT {COLUMNS} FROM failures WHERE reaction = ANY(:reactions) AND NOT dead"
            " ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED"
        ),
        {"reactions": [awaiting(type_) for type_ in types], "limit": limit},
    )
    return [Failure(*row) for row in rows]


def settle(session: Session, failure_id: UUID) -> bool:
    """Removes it: it has succeeded. False when it was gone already."""
    result = session.execute(text("DELETE FROM failures WHERE id = :id"), {"id": failure_id})
    return bool(result.rowcount)  # type: ignore[attr-defined]


def explain(session: Session, failure_id: UUID, reason: str, *, dead: bool) -> None:
    """Says why the attempt that `claim` counted failed; `dead` ends it at once."""
    session.execute(
        text(
            "UPDATE failures SET reason = :reason, failed_at = :now, dead = dead OR :dead,"
            " due_at = CASE WHEN :dead THEN NULL ELSE due_at END WHERE id = :id"
        ),
        {"id": failure_id, "reason": reason, "now": clock.now(), "dead": dead},
    )


def dead_letters(session: Session, limit: int = 1000) -> Iterator[Failure]:
    """The dead letters, oldest first."""
    rows = session.execute(
        text(f"SELECT {COLUMNS} FROM failures WHERE dead ORDER BY failed_at, id LIMIT :limit"),
        {"limit": limit},
    )
    return (Failure(*row) for row in rows)


def get(session: Session, failure_id: UUID) -> Failure | None:
    row = session.execute(text(f"SELECT {COLUMNS} FROM failures WHERE id = :id"), {"id": failure_id}).first()
    return Failure(*row) if row else None


def replay(session: Session, failure_id: UUID) -> bool:
    """Makes a dead letter due again, with all its attempts before it; a running consumer takes it up."""
    result: Any = session.execute(
        text("UPDATE failures SET dead = false, attempts = 0, due_at = :now WHERE id = :id AND dead"),
        {"id": failure_id, "now": clock.now()},
    )
    return bool(result.rowcount)


def drop(session: Session, failure_id: UUID) -> bool:
    """Removes a dead letter for good; False when there is none of that id."""
    result: Any = session.execute(text("DELETE FROM failures WHERE id = :id AND dead"), {"id": failure_id})
    return bool(result.rowcount)


def due_in(delays: Sequence[float], attempts: int) -> datetime | None:
    """When to try again after this many attempts, at once after none; None when there is no attempt left."""
    waits = (0.0, *delays)
    return clock.now() + timedelta(seconds=waits[attempts]) if attempts < len(waits) else None
