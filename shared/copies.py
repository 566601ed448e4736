"""Copies of other services' rows, kept by their events: the newest version wins, in whatever order they arrive."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from shared.events.envelope import Event


def keep(session: Session, model: Any, event: Event, values: dict[str, Any]) -> None:
    """Writes the copy of the event's subject, unless a newer one is there. The table has `id` and `version`.

    The same version is written again, so that an announcement also fills a column that a copy got later.
    """
    row = {"id": UUID(event.subject), "version": event.version, **values}
    session.connection().execute(_upsert(model.__table__, tuple(row)), row)


@cache
def _upsert(table: Table, names: tuple[str, ...]) -> Insert:
    """Built once: to put a statement together costs more than to run it."""
    statement = insert(table).values({name: bindparam(name) for name in names})
    return statement.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={name: statement.excluded[name] for name in names if name != "id"},
        where=table.c.version <= statement.excluded.version,
    )
