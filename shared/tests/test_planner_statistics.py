"""The server is told at once of tables that have grown."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from shared.config import load
from shared.db import Database, run
from shared.planner_statistics import count_grown


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    made = Database(load("clients", {"FOYER_DATABASE_URL": database, "FOYER_POOL_SIZE": "4"}))
    with made.transaction() as session:
        session.execute(text("CREATE TABLE things (id int PRIMARY KEY, body text NOT NULL)"))
        session.execute(text("ALTER TABLE things SET (autovacuum_enabled = false)"))
        session.execute(text("INSERT INTO things VALUES (0, '')"))
        session.execute(text("ANALYZE things"))
    yield made
    with made.transaction() as session:
        session.execute(text("DROP TABLE things"))
    made.close()


def grow(db: Database, first: int, last: int) -> None:
    with db.transaction() as session:
        values = {"first": first, "last": last}
        run(
            session,
            "INSERT INTO things SELECT n, repeat('x', 900) FROM generate_series(%(first)s::int, %(last)s::int) n",
            values,
        )


def counted(db: Database) -> int:
    with db.reading() as connection:
        return int(connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'things'")).scalar_one())


def test_a_table_is_counted_when_it_has_doubled_and_not_before(db: Database) -> None:
    grow(db, 1, 500)
    count_grown(db, "things")
    assert counted(db) == 1
    grow(db, 501, 2000)
    count_grown(db, "things")
    assert counted(db) == 2001
    grow(db, 2001, 2100)
    count_grown(db, "things")
    assert counted(db) == 2001
    grow(db, 2101, 5000)
    count_grown(db, "things")
    assert counted(db) == 5001


def test_a_session_that_knew_it_small_finds_by_the_index_what_came(db: Database) -> None:
    with db.reading() as session:
        session.execute(text("SET plan_cache_mode = force_generic_plan"))
        session.execute(text("PREPARE look (int) AS SELECT FROM things WHERE id = $1"))
        assert any("Seq Scan" in line for line in session.scalars(text("EXPLAIN EXECUTE look (7)")))
        grow(db, 1, 2000)
        count_grown(db, "things")
        assert any("Index" in line for line in session.scalars(text("EXPLAIN EXECUTE look (7)")))
        session.execute(text("DISCARD ALL"))
