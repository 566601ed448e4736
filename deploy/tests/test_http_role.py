"""The HTTP role of a service, as its container runs it."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shared.config import load
from shared.migrations.run import upgrade
from shared.testing.eventually import eventually
from shared.testing.processes import Role


@pytest.fixture
def http(database, tmp_path: Path):
    settings = {"FOYER_DATABASE_URL": database, "FOYER_SECRETS": str(tmp_path)}
    upgrade(load("clients", settings))
    role = Role("clients", "http", settings, tmp_path / "http.log").start()
    yield role
    role.stop()


def test_it_serves_by_one_worker_and_logs_json(http):
    assert http.get("/readyz").text == "ready\n"
    assert http.metric("foyer_http_request_seconds_count", route="/readyz") == 1
    assert http.stop() == 0
    lines = [json.loads(line) for line in http.log.read_text().splitlines()]
    assert [line["event"] for line in lines if "Booting worker" in line["event"]] != []


@contextmanager
def request_that_waits(http: Role, database: str) -> Iterator[tuple[socket.socket, psycopg.Connection]]:
    """A request that stands still in the database until the blocker is rolled back."""
    with psycopg.connect(database) as blocker, socket.create_connection(("127.0.0.1", http.port)) as request:
        blocker.execute("LOCK TABLE alembic_version")
        request.sendall(b"GET /readyz HTTP/1.1\r\nHost: foyer\r\n\r\n")
        with psycopg.connect(database, autocommit=True) as observer:
            waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
            eventually(lambda: observer.execute(waiting).fetchone() or False)
        yield request, blocker


def test_a_slow_answer_does_not_hold_up_others(http, database):
    """gevent has patched what psycopg waits with: else one locked row would stop the whole service."""
    with request_that_waits(http, database) as (request, blocker):
        assert http.get("/healthz").text == "alive\n"
        blocker.rollback()
        assert b"200 OK" in request.recv(1000)


def test_a_request_under_way_is_answered_before_the_end(http, database):
    with request_that_waits(http, database) as (request, blocker):
        http.send(signal.SIGTERM)
        eventually(lambda: "Handling signal: term" in http.log.read_text())
        blocker.rollback()
        assert b"200 OK" in request.recv(1000)


def test_it_ends_at_once_while_it_starts(tmp_path):
    settings = {"FOYER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "FOYER_SECRETS": str(tmp_path)}
    http = Role("clients", "http", settings, tmp_path / "http.log")
    http.launch()
    booting = r"Booting worker with pid: (\d+)"
    worker = int(eventually(lambda: re.findall(booting, http.log.read_text()), every=0.001)[0])
    os.kill(worker, signal.SIGSTOP)  # before it has imported anything
    http.send(signal.SIGTERM)
    eventually(lambda: is_told_to_end(worker))
    os.kill(worker, signal.SIGCONT)
    assert http.process.wait(10) == 0


def is_told_to_end(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    return bool(int(re.search(r"ShdPnd:\s*(\w+)", status)[1], 16) >> (signal.SIGTERM - 1) & 1)
