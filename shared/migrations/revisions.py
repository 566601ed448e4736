"""Which schema a database has, and whether it suits this code. Asked at every `/readyz`, so it imports no Alembic."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

HOUSE = Path(__file__).parents[2] / "services"


@cache
def revisions(service: str) -> list[str]:
    """Every revision that the code knows, oldest first: files are numbered and linear, which a test holds them to."""
    return sorted(path.name.partition("_")[0] for path in (HOUSE / service / "migrations").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision of a database; None when nothing was migrated yet."""
    if connection.execute(text("SELECT to_regclass('alembic_version') IS NULL")).scalar():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def missing(service: str, connection: Connection) -> str | None:
    """What keeps this code from working on the database; None when it suits.

    A revision that the code does not know is newer than the code, and suits: migrations run before the new release
    does, while the one before it serves.
    """
    found, known = current_revision(connection), revisions(service)
    waits = found is None or found in known[:-1]
    return f"the schema is {found}, waiting for {known[-1]}" if waits else None
