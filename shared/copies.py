"""Copies of other services' rows, kept by their events: the newest version wins, in whatever order they arrive."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.events.envelope import Event


def keep(session: Session, table: Any, event: Event, values: dict[str, Any]) -> None:
    """Writes the copy of the event's subject, unless a newer one is there. The table has `id` and `version`."""
    target: Table = getattr(table, "__table__", table)
    row = {"id": UUID(event.subject), "version": event.version, **values}
    statement = insert(target).values(row)
    changed = {name: statement.excluded[name] for name in row if name != "id"}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[target.c.id], set_=changed, where=target.c.version < statement.excluded.version
        )
    )
