"""A PostgreSQL as tests see it: databases that come and go."""

import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shared.postgres_server import PostgresServer
from shared.testing.servers.folders import temporary_folder

# What a test writes need not survive the machine. It does survive a kill of the server: the kernel has it by then.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "64MB"}
_LOCK = 20_261_122  # of who makes a template


class Postgres:
    """A running PostgreSQL. Databases share nothing, so tests that have one each do not meet."""

    def __init__(self, address: str) -> None:
        """`address` is the administrator's, of any database of the server."""
        self.address = address

    def url(self, database: str = "postgres") -> str:
        """Where a client connects to that database, as the administrator."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))

    def new_database(self, template: str | None = None) -> str:
        """Make an empty database, or a copy of `template` to which nobody may be connected; returns its name."""
        name = f"test_{secrets.token_hex(6)}"
        # The file copy that PostgreSQL 15 and later do not do by themselves is slower for databases as small as ours.
        statement = sql.SQL("create database {} template {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template1")))
        return name

    def drop_database(self, name: str) -> None:
        """Drop the database with whoever is connected to it. None of that name is no error."""
        self._execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """The database `name` for `new_database`, made by `build(url)` once per server, whoever asks first.

        `build` leaves no connection open. If it raises, the next one who asks tries again.
        """
        with psycopg.connect(self.url(), autocommit=True) as session:
            session.execute("select pg_advisory_lock(%s)", [_LOCK])
            if not session.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                unfinished = f"{name}_unfinished"
                self.drop_database(unfinished)
                session.execute(sql.SQL("create database {}").format(sql.Identifier(unfinished)))
                build(self.url(unfinished))
                rename = sql.SQL("alter database {} rename to {}")
                session.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
        return name

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as session:
            session.execute(statement)


class OwnPostgres(Postgres, ABC):
    """A PostgreSQL of a test's own, which it may stop and kill. What was committed survives all of it."""

    @abstractmethod
    def start(self) -> None:
        """Return once it takes connections, at the same address as before."""

    @abstractmethod
    def stop(self) -> None:
        """Shut down cleanly. Sessions are told."""

    @abstractmethod
    def kill(self) -> None:
        """kill -9. Sessions break."""

    @abstractmethod
    def remove(self) -> None:
        """End it and delete all that it wrote."""

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()


class LocalPostgres(OwnPostgres):
    """A PostgreSQL as our child, from the wheel or of this machine: it ends when we do."""

    def __init__(self) -> None:
        self._folder = temporary_folder("postgres")
        self._server = PostgresServer(self._folder / "server", settings=SETTINGS)
        super().__init__("")

    @property
    def pid(self) -> int | None:
        """The server's process while it runs, else None."""
        return self._server.pid

    def start(self) -> None:
        self._server.start()
        self.address = self._server.url()

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        self._server.kill()

    def remove(self) -> None:
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
