"""Other people and other servers than the usual ones."""

import os

import psycopg
import pytest

from shared.postgres_server import PostgresServer


@pytest.mark.skipif(os.geteuid() != 0, reason="who runs the suite is not root already")
def test_who_is_not_root_runs_everything_as_themselves(installation, place):
    (place / "theirs").mkdir()
    os.chown(place / "theirs", 65534, 65534)
    foyer = installation(place / "theirs/home", user="nobody").start()
    assert {process.username() for process in foyer.everything()} == {"nobody"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server to another user")
def test_as_root_only_the_database_runs_as_somebody_else(installation, place):
    foyer = installation().start()
    users = {name: process.username() for name, process in foyer.processes.items()}
    assert users.pop("postgres") != "root"
    assert set(users.values()) == {"root"}
    assert place.stat().st_mode & 0o777 == 0o711


def test_a_server_of_ones_own_gets_a_database_for_each_service(installation, place):
    server = PostgresServer(place / "postgres")
    server.start()
    foyer = installation(FOYER_DATABASE_URL=server.url()).start()
    assert set(foyer.processes) == {"site", "background", "sandbox"}
    with psycopg.connect(server.url()) as session:
        names = {name for (name,) in session.execute("select datname from pg_database")}
    assert {"foyer_directory", "foyer_clients", "foyer_bus"} <= names
    foyer.stop()
    server.stop()
