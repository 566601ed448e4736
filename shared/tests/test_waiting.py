"""How a connection waits while other greenlets run. In a process of its own, since gevent patches all of one."""

import subprocess
import sys

import pytest

PATCHED = """
from gevent import monkey; monkey.patch_all()
import signal, sys, os, gevent, psycopg
from shared.waiting import Connection, connect
url = sys.argv[1]
"""


def run(script: str, url: str) -> str:
    done = subprocess.run([sys.executable, "-c", PATCHED + script, url], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_while_one_waits_others_run(database: str) -> None:
    script = """
first, second = connect(url, autocommit=True), connect(url, autocommit=True)
first.execute("SELECT pg_advisory_lock(1)")
waiting = gevent.spawn(second.execute, "SELECT pg_advisory_lock(1)")
while not first.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone(): pass
assert isinstance(first, Connection) and not waiting.ready()
first.execute("SELECT pg_advisory_unlock(1)")
print(waiting.get(timeout=20).rowcount)
"""
    assert run(script, database) == "1"


def test_what_is_larger_than_the_socket_takes_at_once_goes_both_ways(database: str) -> None:
    script = """
with connect(url) as session:
    print(len(session.execute("SELECT repeat(%s::text, 2)", ("x" * 20_000_000,)).fetchone()[0]))
"""
    assert run(script, database) == "40000000"


def test_a_server_that_ends_a_session_is_told_as_such(database: str) -> None:
    script = """
first, second = connect(url, autocommit=True), connect(url, autocommit=True)
waiting = gevent.spawn(second.execute, "SELECT pg_sleep(60)")
while not first.execute("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'").fetchone(): pass
first.execute("SELECT pg_terminate_backend(%s)", (second.info.backend_pid,))
try:
    waiting.get(timeout=20)
except psycopg.errors.AdminShutdown:
    print("ended", second.closed)
"""
    assert run(script, database) == "ended True"


def test_what_is_interrupted_is_ended_on_the_server_and_the_session_goes_on(database: str) -> None:
    script = """
first, second = connect(url, autocommit=True), connect(url, autocommit=True)
def interrupt():
    while not second.execute("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'").fetchone(): pass
    os.kill(os.getpid(), signal.SIGINT)
gevent.spawn(interrupt)
try:
    first.execute("SELECT pg_sleep(60)")
except KeyboardInterrupt:
    print(first.execute("SELECT 'goes on'").fetchone()[0])
"""
    assert run(script, database) == "goes on"


@pytest.mark.parametrize("unit", ["killed", "timed out"])
def test_a_greenlet_that_is_stopped_meanwhile_leaves_nobody_else_waiting(database: str, unit: str) -> None:
    stop = "waiting.kill()" if unit == "killed" else "gevent.sleep(0)"
    script = f"""
first, second = connect(url, autocommit=True), connect(url, autocommit=True)
def wait():
    with gevent.Timeout(0.2, False):
        first.execute("SELECT pg_sleep(60)")
waiting = gevent.spawn(wait)
while not second.execute("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'").fetchone(): pass
{stop}
waiting.join(20)
first.close()
print(second.execute("SELECT 'goes on'").fetchone()[0])
"""
    assert run(script, database) == "goes on"
