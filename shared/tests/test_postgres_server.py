import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from shared.child_process import as_user
from shared.postgres_server import PostgresFailed, PostgresServer
from shared.testing.eventually import eventually
from shared.testing.places import open_place


@pytest.fixture
def place():
    with open_place() as folder:
        yield folder


@pytest.fixture
def server(place):
    server = PostgresServer(place / "postgres")
    server.start()
    yield server
    server.stop()


def test_what_was_committed_survives_a_kill(server):
    with psycopg.connect(server.url()) as session:
        session.execute("create table kept as select 1 as one")
    server.kill()
    assert server.pid is None
    server.start()
    with psycopg.connect(server.url()) as session:
        assert session.execute("select one from kept").fetchone() == (1,)


def test_the_same_address_holds_over_a_restart(server):
    url = server.url()
    server.restart()
    assert server.url() == url
    psycopg.connect(url).close()


def test_nobody_gets_in_without_the_password(server):
    for address in (f"host=127.0.0.1 port={server.port}", f"host={server.folder} port={server.port}"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{address} user=foyer dbname=postgres")


def test_the_extensions_that_search_needs_are_there(server):
    with psycopg.connect(server.url()) as session:
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            session.execute(f"create extension {extension}")


def test_a_taken_port_is_told_in_one_line(server, place):
    second = PostgresServer(place / "second", port=server.port)
    with pytest.raises(PostgresFailed, match=r"^[^\n]*could not bind[^\n]*Address already in use$"):
        second.start()


def test_data_of_another_version_is_refused_and_left_as_it_is(server):
    server.stop()
    version = server.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("9\n")
    with pytest.raises(PostgresFailed, match="written by PostgreSQL 9; the one installed is 1"):
        server.start()
    version.write_text(ours)
    server.start()


def test_an_initdb_cut_short_is_done_again(place):
    server = PostgresServer(place / "postgres")
    server.start()
    server.stop()
    server.data.rename(server.data.with_suffix(".new"))  # what a kill in the middle leaves behind
    server.start()
    server.stop()


def test_sessions_of_a_killed_server_do_not_keep_the_next_one_from_starting(server):
    sleep = f"import psycopg; psycopg.connect({server.url()!r}).execute('select pg_sleep(60)')"
    busy = subprocess.Popen([sys.executable, "-c", sleep], stderr=subprocess.DEVNULL)
    sleeping = "select 1 from pg_stat_activity where query ~ '^select pg_sleep'"
    with psycopg.connect(server.url(), autocommit=True) as session:
        eventually(lambda: session.execute(sleeping).fetchone() is not None)
    server.kill()
    server.start()
    assert busy.wait(10) == 1


def test_a_pid_file_that_names_a_stranger_by_now_is_no_obstacle(server):
    stranger = subprocess.Popen(["sleep", "60"], **as_user(server.user))
    server.kill()
    pid_file = server.data / "postmaster.pid"
    rest = pid_file.read_text().split("\n")[1:]
    pid_file.write_text("\n".join([str(stranger.pid), *rest]))
    server.start()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_place_that_the_servers_user_cannot_reach_is_told_in_one_line(place):
    server = PostgresServer(place / "closed" / "postgres")
    if server.user is None:
        pytest.skip("who is not root runs the server as themselves")
    (place / "closed").mkdir(mode=0o700)
    with pytest.raises(PostgresFailed, match=r"^[^\n]*cannot be used by \w+, whom PostgreSQL runs as[^\n]*$"):
        server.start()


def test_the_server_ends_when_its_supervisor_is_killed_and_the_next_one_takes_over(place):
    program = (
        "import sys, time, pathlib; from shared.postgres_server import PostgresServer\n"
        "server = PostgresServer(pathlib.Path(sys.argv[1])); server.start(); print(server.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program, place / "postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.communicate()
    successor = PostgresServer(place / "postgres")
    successor.start()  # waits for the old one
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    successor.stop()


def test_only_the_folder_that_it_made_changes_hands(server, place):
    assert place.stat().st_uid != server.folder.stat().st_uid or server.user is None
    assert server.folder.stat().st_mode & 0o077 == 0
