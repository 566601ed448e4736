"""The names of those who did something, from the copy of the employees."""

from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

NAMES = text("SELECT id, name FROM employees WHERE id = ANY(CAST(:ids AS uuid[]))")


def names_of(session: Connection | Session, ids: set[UUID]) -> dict[UUID, str]:
    """The names of those of them who are employees."""
    rows = session.execute(NAMES, {"ids": list(ids)}) if ids else ()
    return {row.id: row.name for row in rows}
