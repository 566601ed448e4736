"""Statements run by the driver itself, in SQLAlchemy's transactions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text

from shared.config import load
from shared.db import Database, is_passing, run
from shared.testing.eventually import eventually

MY_PID = "SELECT pg_backend_pid() AS pid"


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    made = Database(load("clients", {"FOYER_DATABASE_URL": database, "FOYER_POOL_SIZE": "1"}))
    yield made
    made.close()


def end(database: str, session: object) -> None:
    """Ends a connection from the outside, as an administrator may."""
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (session["pid"],))  # type: ignore[index]


@pytest.mark.parametrize("way", ["reading", "transaction"])
def test_a_lost_connection_is_worth_a_repeat_and_is_not_handed_out_again(way: str, db: Database, database: str) -> None:
    with pytest.raises(Exception) as caught, getattr(db, way)() as session:
        lost = run(session, MY_PID, {}).fetchone()
        end(database, lost)
        run(session, MY_PID, {})
    assert is_passing(caught.value)
    with getattr(db, way)() as session:
        assert run(session, MY_PID, {}).fetchone() != lost


@pytest.mark.parametrize("way", ["reading", "transaction"])
def test_a_connection_that_was_lost_in_the_pool_costs_nobody_an_error(way: str, db: Database, database: str) -> None:
    with getattr(db, way)() as session:
        lost = run(session, MY_PID, {}).fetchone()
    end(database, lost)
    with getattr(db, way)() as session:
        assert run(session, MY_PID, {}).fetchone() != lost


def test_what_it_wrote_is_rolled_back_with_the_transaction(db: Database) -> None:
    with db.transaction() as session:
        session.execute(text("CREATE TABLE t (n int)"))
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        run(session, "INSERT INTO t VALUES (%(n)s)", {"n": 1})
        raise ZeroDivisionError
    with db.reading() as connection:
        assert run(connection, "SELECT count(*) AS n FROM t", {}).fetchone() == {"n": 0}


def test_a_transaction_is_one_after_a_reading_on_the_same_connection(db: Database) -> None:
    with db.reading() as connection:
        connection.execute(text("CREATE TABLE t (n int)"))
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        run(session, "INSERT INTO t VALUES (%(n)s)", {"n": 1})
        raise ZeroDivisionError
    with db.reading() as connection:
        assert run(connection, "SELECT count(*) AS n FROM t", {}).fetchone() == {"n": 0}


@pytest.fixture
def two_places(database: str) -> Iterator[Database]:
    made = Database(load("clients", {"FOYER_DATABASE_URL": database, "FOYER_POOL_SIZE": "2"}))
    yield made
    made.close()


def test_a_reader_stays_with_its_connection_and_makes_room_for_transactions(two_places: Database) -> None:
    with two_places.reading() as connection:
        first = run(connection, MY_PID, {}).fetchone()
    with two_places.reading() as connection:
        assert run(connection, MY_PID, {}).fetchone() == first
    with two_places.transaction() as one, two_places.transaction() as other:
        assert run(one, MY_PID, {}).fetchone() != run(other, MY_PID, {}).fetchone()


def test_who_waits_for_a_place_gets_that_of_a_reader_who_is_done(two_places: Database) -> None:
    def read() -> object:
        with two_places.reading() as connection:
            return run(connection, MY_PID, {}).fetchone()

    with ExitStack() as held, ThreadPoolExecutor() as pool:
        held.enter_context(two_places.reading())
        with two_places.reading() as connection:
            pid = run(connection, MY_PID, {}).fetchone()
            waiting = pool.submit(read)
            eventually(lambda: two_places.engine.pool._pool.not_empty._waiters)  # type: ignore[attr-defined]
        assert waiting.result(5) == pid
