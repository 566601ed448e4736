"""Runs a service's migrations: numbered, linear, one at a time whoever calls."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, text

from shared.config import Config
from shared.locks import MIGRATING
from shared.migrations.revisions import HOUSE, current_revision, revisions

SQLALCHEMY = "postgresql+psycopg://"


def scripts(service: str) -> AlembicConfig:
    """Alembic's configuration for a service, without an ini file."""
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    configuration.set_main_option("path_separator", "os")
    configuration.set_main_option("version_locations", str(HOUSE / service / "migrations"))
    configuration.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return configuration


def upgrade(config: Config) -> None:
    """Brings the database to the newest revision that the code knows. Two that run at once wait for each other.

    A newer schema stays as it is when a release was rolled back: it suits the release before it.
    """
    engine = create_engine(config.database_url.replace("postgresql://", SQLALCHEMY, 1), pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
            connection.commit()
            if current_revision(connection) not in (None, *revisions(config.service)):
                return
            configuration = scripts(config.service)
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    finally:
        engine.dispose()
