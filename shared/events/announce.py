"""Announcements: an owner states its rows as events, so that a copy can be filled, or filled again.

A room that owns a subject has an `announcements.py` with one `Announcement` per subject. Stated in pages, each in a
transaction with the note of how far it came, so that one that was stopped goes on and states no row twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import click
from rich.progress import Progress
from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.actor import Context, acting
from shared.card import Card
from shared.contracts.contract import Contract
from shared.db import Database
from shared.events.outbox import emit

PAGE = 500

Stated = tuple[UUID, int, dict[str, Any]]
"""Id, version and state of one row."""


@dataclass(frozen=True)
class Announcement:
    subject: str
    contract: Contract
    page: Callable[[Session, UUID | None, int], Iterable[Stated]]
    """The rows after an id, in the order of their ids, locked against change until the transaction ends."""
    count: Callable[[Session], int]


def announce(card: Card, database: Database, subject: str, queue: str | None) -> int:
    """States every row of a subject; answers how many. A finished announcement starts anew when asked again."""
    found = next((one for one in announcements_of(card) if one.subject == subject), None)
    if found is None:
        known = ", ".join(sorted(one.subject for one in announcements_of(card))) or "nothing"
        raise click.ClickException(f"{card.name} announces {known}; not {subject!r}")
    with Progress() as progress, acting(Context(actor=f"service:{card.name}", channel="event")):
        with database.transaction() as session:
            bar = progress.add_task(subject, total=found.count(session), completed=_begin(session, found, queue))
        total = 0
        while stated := _state_page(database, found, queue):
            progress.advance(bar, stated)
            total += stated
    return total


def announcements_of(card: Card) -> list[Announcement]:
    return [one for module in card.modules("announcements") for one in module.ANNOUNCEMENTS]


def _begin(session: Session, what: Announcement, queue: str | None) -> int:
    """How many rows an unfinished announcement has stated; a finished one is forgotten."""
    key = {"subject": what.subject, "queue": queue or ""}
    session.execute(
        text("DELETE FROM announcements WHERE subject = :subject AND queue = :queue AND finished_at IS NOT NULL"), key
    )
    row = session.execute(
        text(
            "INSERT INTO announcements (subject, queue, stated) VALUES (:subject, :queue, 0)"
            " ON CONFLICT (subject, queue) DO UPDATE SET stated = announcements.stated RETURNING stated"
        ),
        key,
    ).one()
    return int(row[0])


def _state_page(database: Database, what: Announcement, queue: str | None) -> int:
    key = {"subject": what.subject, "queue": queue or ""}
    with database.transaction() as session:
        last = session.execute(
            text("SELECT last_id FROM announcements WHERE subject = :subject AND queue = :queue FOR UPDATE"), key
        ).scalar_one()
        rows = list(what.page(session, last, PAGE))
        for row_id, version, data in rows:
            emit(session, what.contract, subject=row_id, version=version, data=data, queue=queue)
        session.execute(
            text(
                "UPDATE announcements SET last_id = coalesce(:last, last_id), stated = stated + :count,"
                " finished_at = CASE WHEN :count = 0 THEN CAST(:now AS timestamptz) END"
                " WHERE subject = :subject AND queue = :queue"
            ),
            {**key, "last": rows[-1][0] if rows else None, "count": len(rows), "now": clock.now()},
        )
    return len(rows)
