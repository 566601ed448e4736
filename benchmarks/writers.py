"""Commits of 16 writers while the relay drains, against the same writers with no relay and no wake-up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import gevent
import orjson
import psutil
import psycopg

from benchmarks import http, load
from benchmarks.cpu import seconds, server_behind
from benchmarks.events import SAY, Road, await_published, await_relay, branch_event, role
from benchmarks.report import Line, at_least, compared, told
from shared import clock
from shared.contracts.directory import BRANCH_STATED
from shared.events.relay import Relay

ROUNDS = 5
WRITERS = 16
WRITE_SECONDS = 4.0


def run(road: Road, bench: http.Bench) -> list[Line]:
    return [*saves(road, bench), *barest(road)]


def saves(road: Road, bench: http.Bench) -> list[Line]:
    """Receptions at 16 desks save clients over HTTP: database, gunicorn, relay and broker share the machine."""
    beside, alone = [], []
    for _ in range(ROUNDS):
        road.empty()
        with role(road, "relay"):
            await_relay(road)
            beside.append(_save(bench))
            await_published(road)
        road.empty()
        with _no_wake_up(road):
            alone.append(_save(bench))
    return [at_least("saves of 16 desks beside the relay", beside, alone, 0.85)]


def _save(bench: http.Bench) -> float:
    headers = {"Authorization": f"Bearer {bench.token}", "If-Match": "*"}

    def change(number: int) -> bytes:
        body = orjson.dumps({"last_name": f"Vega {uuid4().hex}"})
        return load.request("PATCH", f"/api/v1/clients/{bench.clients[number % len(bench.clients)]}", headers, body)

    return bench.measure(change).per_second


@contextmanager
def _no_wake_up(road: Road) -> Iterator[None]:
    with road.session() as session:
        session.execute("ALTER TABLE outbox DISABLE TRIGGER outbox_wake")
        try:
            yield
        finally:
            session.execute("ALTER TABLE outbox ENABLE TRIGGER outbox_wake")


@dataclass
class Writing:
    """What the writers came to: commits a second, and the milliseconds of CPU that a commit took of each."""

    rate: float
    postgres: float
    others: float
    """The broker, and the relay where there was one."""


def barest(road: Road) -> list[Line]:
    """Writers of nothing but rows of the outbox, in a loop of bare psycopg, which no service is.

    They take all the CPU that there is, and a commit costs hardly more of it than publishing its event costs the
    broker. So on a machine that they share, the ratio tells of the broker, and has nothing to reach. What the relay
    does to the writers themselves (wake-up, locks, reading and deleting) shows beside one that publishes nowhere;
    where the rest goes is told in milliseconds of CPU.
    """
    beside, silent, alone = [], [], []
    for _ in range(ROUNDS):
        road.empty()
        with role(road, "relay") as process:
            await_relay(road)
            beside.append(_write(road, psutil.Process(process.pid)))
        road.empty()
        with _silent_relay(road):
            silent.append(_write(road))
        road.empty()
        with _no_wake_up(road):
            alone.append(_write(road))
    limit = [one.rate for one in alone]
    return [
        compared("rows of the outbox alone, beside the relay", [one.rate for one in beside], limit),
        at_least("... beside a relay that publishes nowhere", [one.rate for one in silent], limit, 0.85),
        told("... CPU of PostgreSQL for a commit, no relay", [one.postgres for one in alone], "ms"),
        told("... CPU of PostgreSQL for a commit beside the relay", [one.postgres for one in beside], "ms"),
        told("... CPU of relay and broker for an event", [one.others for one in beside], "ms"),
    ]


def _write(road: Road, relay: psutil.Process | None = None) -> Writing:
    _, body = branch_event(1, 560)
    postgres, broker = server_behind(road.database.url), server_behind(road.amqp_url)
    others = [broker, relay] if relay else [broker]
    counts = [0] * WRITERS

    def write(number: int) -> None:
        with psycopg.connect(road.database.url) as session:
            while clock.monotonic() < end:
                session.execute(SAY, (uuid4(), BRANCH_STATED.type, body, clock.now()))
                session.commit()
                counts[number] += 1

    before = seconds(postgres), sum(seconds(each) for each in others)
    end = clock.monotonic() + WRITE_SECONDS
    gevent.joinall([gevent.spawn(write, number) for number in range(WRITERS)], raise_error=True)
    if relay:
        await_published(road)  # what the writers were ahead is work of the relay, too
    spent = seconds(postgres) - before[0], sum(seconds(each) for each in others) - before[1]
    total = sum(counts)
    return Writing(total / WRITE_SECONDS, spent[0] * 1000 / total, spent[1] * 1000 / total)


class Nowhere:
    """A transport that says of everything that it has arrived."""

    def publish(self, batch: object, waiting: object = None) -> tuple[()]:
        return ()

    def rest(self) -> None: ...

    def close(self) -> None: ...


@contextmanager
def _silent_relay(road: Road) -> Iterator[None]:
    """Wakes, reads and deletes as the relay does."""
    silent = Relay(road.database.url, Nowhere(), service=road.card.name)  # type: ignore[arg-type]
    running = gevent.spawn(silent.run)
    await_relay(road)
    try:
        yield
    finally:
        silent.stop.set()
        running.join(20)
