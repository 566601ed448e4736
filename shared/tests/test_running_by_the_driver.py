"""Statements run by the driver itself, in SQLAlchemy's transactions."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from shared.config import load
from shared.db import Database, is_passing, run

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


def test_a_reader_stays_with_its_connection_and_makes_room_for_transactions(db: Database) -> None:
    with db.reading() as connection:
        first = run(connection, MY_PID, {}).fetchone()
    with db.reading() as connection:
        assert run(connection, MY_PID, {}).fetchone() == first
    with db.transaction() as session:  # there is one place only
        assert run(session, MY_PID, {}).fetchone() == first
