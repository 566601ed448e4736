"""Runs a service's migrations: numbered, linear, one at a time whoever calls."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from shared.config import Config
from shared.locks import MIGRATING

SQLALCHEMY = "postgresql+psycopg://"


def scripts(service: str) -> AlembicConfig:
    """Alembic's configuration for a service, without an ini file."""
    root = Path(__file__).parents[2]
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    configuration.set_main_option("path_separator", "os")
    configuration.set_main_option("version_locations", str(root / "services" / service / "migrations"))
    configuration.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return configuration


def head(service: str) -> str:
    """The newest revision that the code knows."""
    revision = ScriptDirectory.from_config(scripts(service)).get_current_head()
    assert revision
    return revision


def missing(service: str, connection: Connection) -> str | None:
    """What keeps this code from working on the database; None when it suits.

    A revision that the code does not know is newer than the code, and suits: migrations run before the new release
    does, while the one before it serves.
    """
    found = current_revision(connection)
    newest, known = _revisions(service)
    return f"the schema is {found}, waiting for {newest}" if found != newest and found in known else None


@cache
def _revisions(service: str) -> tuple[str, frozenset[str | None]]:
    """The newest, and all that the code knows; an empty database is one of them."""
    chain = ScriptDirectory.from_config(scripts(service)).walk_revisions()
    return head(service), frozenset([None, *(one.revision for one in chain)])


def upgrade(config: Config) -> None:
    """Brings the database to the newest revision. Two that run at once wait for each other."""
    engine = create_engine(config.database_url.replace("postgresql://", SQLALCHEMY, 1), pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
            connection.commit()
            configuration = scripts(config.service)
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    finally:
        engine.dispose()


def current_revision(engine: Engine | Connection) -> str | None:
    """The revision of a database; None when nothing was migrated yet."""
    connection = engine.connect() if isinstance(engine, Engine) else engine
    try:
        exists = connection.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar()
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if exists else None
    finally:
        if isinstance(engine, Engine):
            connection.close()
