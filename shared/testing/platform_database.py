"""A database that holds what every service's holds, and nothing else."""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from shared.migrations import tables
from shared.testing.servers.postgres import Postgres

PLATFORM = tuple(getattr(tables, name) for name in sorted(dir(tables)) if name.startswith("platform_"))


def new_platform_database(postgres: Postgres) -> str:
    """The URL of a new database with the shared tables. The caller drops it."""
    return postgres.url(postgres.new_database(postgres.template("foyer_platform", _build)))


def _build(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for make in PLATFORM:
            make()
    engine.dispose()
