"""Connections in autocommit that stay with their readers between two readings.

The pool's way to a connection and back, with its events and its resets, costs as much as a small statement does; a
reader that is at rest is one `pop` away. They are the pool's all the same: no more are ever open than it allows, and a
transaction that would have to wait gets the place of one that rests.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine


class Readers:
    def __init__(self, engine: Engine, places: int) -> None:
        """`places` are those of the engine's pool; at most half of them rest here."""
        self._engine = engine
        self._places = places
        self._at_rest: list[Connection] = []
        self._in_line: list[None] = []
        """As long as those who are taking a place: to add to a list and to take from it are atomic, to count is not."""

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection for this reading alone."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._put_back(connection)

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """For who takes one of the pool's places: when there is no other, one that rests gives up its own."""
        self._in_line.append(None)
        try:
            self._make_room()
            yield
        finally:
            self._in_line.pop()

    def close(self) -> None:
        """Gives the pool back what is at rest."""
        while self._at_rest:
            self._at_rest.pop().close()

    def _take(self) -> Connection:
        """The one that rested last: the few that are needed stay warm, here and in the server."""
        while True:
            try:
                connection = self._at_rest.pop()
            except IndexError:
                return self._opened()
            if _is_there(driver(connection)):
                return connection
            connection.invalidate()
            connection.close()

    def _make_room(self) -> None:
        if self._at_rest and self._is_full():
            with suppress(IndexError):  # another thread was first
                self._at_rest.pop(0).close()

    def _opened(self) -> Connection:
        with self.in_line():
            connection = self._engine.connect()
        driver(connection).autocommit = True  # SQLAlchemy's own switch takes five times as long
        return connection

    def _put_back(self, connection: Connection) -> None:
        if connection.invalidated or connection.closed or not self._may_rest(connection):
            connection.close()
        else:
            self._at_rest.append(connection)
            if self._in_line:  # they hear only of what comes back to the pool
                self._make_room()

    def _may_rest(self, connection: Connection) -> bool:
        if connection.in_transaction():  # what SQLAlchemy calls one, around statements that were committed each
            connection.rollback()
        idle = driver(connection).pgconn.transaction_status == TransactionStatus.IDLE
        return idle and len(self._at_rest) < max(1, self._places // 2)

    def _is_full(self) -> bool:
        return bool(self._engine.pool.checkedout() >= self._places)  # type: ignore[attr-defined]


def driver(connection: Connection) -> psycopg.Connection:
    return connection.connection.driver_connection  # type: ignore[return-value]


def _is_there(connection: psycopg.Connection) -> bool:
    """Takes what the server said meanwhile: two microseconds, and no round trip."""
    try:
        hear(connection)
    except psycopg.OperationalError:
        return False
    return not connection.closed


def hear(connection: psycopg.Connection) -> None:
    """Raises the driver's error when the server has said goodbye."""
    connection.pgconn.consume_input()  # its last words
    connection.pgconn.consume_input()  # and the end
