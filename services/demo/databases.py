"""The databases of an installation on one PostgreSQL server: one per service that has rows, and the embedded bus."""

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from services.demo import SERVICES_WITH_ROWS, CannotStart

BUS = "foyer_bus"


def service_url(server: str) -> str:
    """The address of a service's database, with `{service}` for its name."""
    return _with_database(server, "foyer_{service}")


def bus_url(server: str) -> str:
    return _with_database(server, BUS)


def make_missing_databases(server: str) -> None:
    """Raises CannotStart when the server does not answer or does not let us."""
    wanted = [f"foyer_{name}" for name in SERVICES_WITH_ROWS] + [BUS]
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=10) as session:
            there = {name for (name,) in session.execute("select datname from pg_database")}
            for name in wanted:
                if name not in there:
                    create = "create database {} template template0 encoding 'UTF8'"
                    session.execute(sql.SQL(create).format(sql.Identifier(name)))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(f"The databases cannot be made on {_without_password(server)}: {reason}") from error


def _with_database(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def _without_password(server: str) -> str:
    parts = urlsplit(server)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
