"""Runs a service's migrations: numbered, linear, one at a time whoever calls."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from shared.config import Config

LOCK = 7000
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


def upgrade(config: Config) -> None:
    """Brings the database to the newest revision. Two that run at once wait for each other."""
    engine = create_engine(config.database_url.replace("postgresql://", SQLALCHEMY, 1), pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
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
