"""The PostgreSQL that tests are given does what they rely on."""

import psycopg
import pytest


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as session:
        return [name for (name,) in session.execute("select tablename from pg_tables where schemaname = 'public'")]


def test_a_database_is_empty_and_of_this_test(database, postgres):
    other = postgres.new_database()
    with psycopg.connect(postgres.url(other)) as session:
        session.execute("create table elsewhere ()")
    assert tables(database) == []
    postgres.drop_database(other)


def test_a_template_is_built_once_and_copied(postgres):
    builds = []

    def build(url: str) -> None:
        builds.append(url)
        with psycopg.connect(url) as session:
            session.execute("create table prepared ()")

    names = {postgres.template("a_template", build) for _ in range(2)}
    copy = postgres.new_database(template=names.pop())
    assert len(builds) == 1
    assert tables(postgres.url(copy)) == ["prepared"]
    for name in (copy, "a_template"):
        postgres.drop_database(name)


def test_a_template_that_failed_is_not_kept(postgres):
    def fail(url: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        postgres.template("broken_template", fail)
    postgres.template("broken_template", tables)
    postgres.drop_database("broken_template")


def test_a_database_is_dropped_with_who_is_connected(postgres):
    name = postgres.new_database()
    with psycopg.connect(postgres.url(name)) as session:
        postgres.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")


def test_what_was_committed_survives_a_kill_and_a_restart_at_the_same_address(own_postgres):
    postgres = own_postgres()
    url = postgres.url(postgres.new_database())
    with psycopg.connect(url) as session:
        session.execute("create table kept ()")
    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        tables(url)
    postgres.start()
    assert tables(url) == ["kept"]
    postgres.restart()
    assert tables(url) == ["kept"]
