"""The database of one service.

`Database` is made once per process and service and handed to whoever needs it: several services live in one process
in the demo, so there is no module-level engine or session.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from sqlalchemy import Connection, DateTime, Text, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from shared import lost_peers
from shared.config import Config
from shared.readers import Readers, driver, hear
from shared.waiting import connect

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

"""How constraints are called. Each service makes its own `Base` with it: services in one process share no table."""

TYPES: dict[Any, Any] = {
    str: Text,
    UUID: Uuid,
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB(none_as_null=True),
    list[Any]: JSONB(none_as_null=True),
}


def to_json(value: Any) -> str:
    """JSON as the house writes it: ISO 8601 times, ids as text."""
    return orjson.dumps(value).decode()


def plain(url: str) -> str:
    """The URL for psycopg itself, whatever dialect it names for SQLAlchemy."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


OPTIONS = (
    "-c idle_in_transaction_session_timeout=60s -c statement_timeout=30s"
    " -c jit=off"  # our statements are small, and of a table that is new the server thinks that they are not
)


class Database:
    """One pool of connections, two ways to use it: `transaction()` to change, `reading()` to look."""

    def __init__(self, config: Config) -> None:
        self.config = config
        """Of the service: a duty gets a database, and some need to know more, such as which gateway to ask."""
        self.url = plain(config.database_url)
        self.engine = create_engine(
            self.url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=config.pool_size,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # they hold personal data, and errors go to the log
            pool_recycle=1800,
            pool_use_lifo=True,  # the few that are needed stay warm, here and in the server
            pool_reset_on_return=None,  # `_put_back` does it
            json_serializer=to_json,
            json_deserializer=orjson.loads,
            connect_args={
                "connect_timeout": 5,
                "application_name": f"foyer-{config.service}",
                "options": f"{lost_peers.SERVER} {OPTIONS}",
                **lost_peers.CLIENT,
            },
        )
        event.listen(self.engine, "do_connect", lambda _dialect, _record, args, options: connect(*args, **options))
        event.listen(self.engine, "checkout", _still_there)
        event.listen(self.engine, "reset", _put_back)
        self._readers = Readers(self.engine, config.pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Opened at the door (HTTP, a reaction, a command), never inside an action. `session.info["config"]` is the
        service's configuration, for what needs one of its secrets.
        """
        info = {"config": self.config}
        with Session(self.engine, expire_on_commit=False, info=info) as session, session.begin():
            with self._readers.in_line():
                session.connection()
            yield session

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection in autocommit, for reads that need no common snapshot: saves BEGIN and ROLLBACK."""
        return self._readers.one()

    def close(self) -> None:
        self._readers.close()
        self.engine.dispose()


def listed(ids: Iterable[UUID]) -> str:
    """Ids as PostgreSQL reads an array of them, for `%(ids)s::uuid[]`: the driver takes ten times as long for many."""
    return "{" + ",".join(map(str, ids)) + "}"


def run(session: Session | Connection, statement: str, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
    """Runs a statement by the driver itself, in the session's transaction; rows come as mappings.

    For the busiest statements of the house: around a small one SQLAlchemy takes twice as long as the database. Places
    are written `%(name)s`. Errors are the driver's own, and `is_passing` knows them.
    """
    if isinstance(session, Session):
        session.flush()
    connection = session if isinstance(session, Connection) else session.connection()
    session_of_driver = driver(connection)
    try:
        return session_of_driver.cursor(row_factory=dict_row).execute(statement, values)
    except psycopg.OperationalError:
        if session_of_driver.closed:
            connection.invalidate()  # or the pool would hand it out again
        raise


def _put_back(connection: psycopg.Connection[Any], *_: Any) -> None:
    """Leaves a connection as the next one expects it: in no transaction, and not in autocommit.

    Raises the driver's error for one that cannot be brought there, and the pool drops it.
    """
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        connection.rollback()
    if connection.autocommit:
        connection.autocommit = False


def _still_there(connection: Any, *_: Any) -> None:
    """If the server said goodbye while the connection lay in the pool, the pool drops all that it holds and connects
    anew: no request pays for a server that restarted."""
    try:
        hear(connection)
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


PASSING = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}
"""Serialization failure, deadlock, lock not available, and a server that shuts down, crashed or is starting."""


def is_passing(error: BaseException) -> bool:
    """Whether a repeat may succeed without any change: a lost connection, a deadlock, a restarting or full server."""
    if isinstance(error, psycopg.Error):
        state, lost = error.sqlstate, isinstance(error, psycopg.OperationalError)
    elif isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        lost = error.connection_invalidated or isinstance(error, OperationalError)
    else:
        return isinstance(error, PoolTimeout)
    if state is None:
        return lost
    return state in PASSING or state[:2] in {"08", "53"}
