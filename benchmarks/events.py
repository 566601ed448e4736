"""The way of an event: relay, consumer, and from commit to effect. The writers beside a relay are in `writers`."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
import gevent
import orjson
import psycopg

from benchmarks.report import Line, at_least, at_most
from shared import clock
from shared.actor import Context
from shared.card import Card
from shared.config import Config
from shared.contracts.clients import CLIENT_UPDATED
from shared.contracts.directory import BRANCH_STATED
from shared.db import Database
from shared.events import consumer as consuming
from shared.events.envelope import encode
from shared.events.rabbitmq import EVENTS, RabbitMQ
from shared.events.relay import Relay
from shared.events.transport import Outgoing
from shared.ids import new_id
from shared.roles import reactions_of

ROUNDS = 5
EVENTS_A_ROUND = 5000
CONFIRM_EACH = 500
SAY = "INSERT INTO outbox (event_id, type, body, at) VALUES (%s, %s, %s, %s)"


def branch_event(number: int, pad: int = 0) -> tuple[Any, str]:
    """An event of a branch, so that a consumer has a real reaction to run; padded to a size."""
    data = dict(BRANCH_STATED.example) | {"name": f"Branch {number}" + "x" * pad}
    branch = new_id()
    return encode(
        BRANCH_STATED,
        subject=branch,
        version=1,
        data=data | {"id": str(branch)},
        context=Context("service:bench", "api", correlation_id="bench"),
    )


class Road:
    """A database with an outbox and an inbox, and a broker between."""

    def __init__(self, card: Card, config: Config, env: dict[str, str]) -> None:
        self.card, self.config, self.env = card, config, env
        self.database = Database(config)
        assert config.amqp_url
        self.amqp_url = config.amqp_url
        self.reactions = reactions_of(card)
        with closing(self.transport()) as transport:
            # What the writers write goes to a queue, too, as in use.
            transport.declare(card.name, [*self.reactions.types(), CLIENT_UPDATED.type])

    def transport(self) -> RabbitMQ:
        return RabbitMQ(self.amqp_url, service=self.card.name)

    def session(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database.url, autocommit=True)

    def fill_outbox(self, count: int, pad: int = 560) -> None:
        now = clock.now()
        rows = [(*_row(number, pad), now) for number in range(count)]
        with self.session() as session, session.cursor() as cursor:
            cursor.executemany(SAY, rows)

    def empty(self) -> None:
        with self.session() as session:
            session.execute("TRUNCATE outbox, inbox, branches")
        with amqp.Connection(**_amqp_arguments(self.amqp_url)) as connection:
            connection.channel().queue_purge(self.card.name)


def _row(number: int, pad: int) -> tuple[Any, str, str]:
    event_id, body = branch_event(number, pad)
    return event_id, BRANCH_STATED.type, body


def _timed(work: Callable[[], int]) -> float:
    """How many a second."""
    began = clock.monotonic()
    count = work()
    return count / (clock.monotonic() - began)


def relay(road: Road) -> list[Line]:
    """Draining the outbox against publishing the same bodies with confirms, batched and one by one."""
    bodies = [
        Outgoing(event_id, type_, body) for event_id, type_, body in (_row(n, 560) for n in range(EVENTS_A_ROUND))
    ]
    ours, batched, single = [], [], []
    for _ in range(ROUNDS):
        road.empty()
        road.fill_outbox(EVENTS_A_ROUND)
        relaying = Relay(road.database.url, road.transport(), service=road.card.name)
        with road.session() as session:
            ours.append(_timed(lambda r=relaying, s=session: r.drain(s)))  # type: ignore[misc]
        batched.append(_timed(lambda: _publish(road, bodies, 500)))
        single.append(_timed(lambda: _publish(road, bodies[:CONFIRM_EACH], 1)))
        road.empty()
    return [
        at_least("relay, batched publishing as limit", ours, batched, 0.80),
        at_least("relay, confirm for each as limit", ours, single, 5.0),
    ]


def _publish(road: Road, bodies: list[Outgoing], size: int) -> int:
    """The bare way: py-amqp, confirms awaited after every `size` messages."""
    waiting: set[int] = set()
    with amqp.Connection(**_amqp_arguments(road.amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_select()

        def confirmed(tag: int, multiple: bool) -> None:
            waiting.difference_update([t for t in waiting if t <= tag] if multiple else [tag])

        channel.events["basic_ack"].add(confirmed)
        for tag, event in enumerate(bodies, 1):
            message = amqp.Message(event.body.encode(), delivery_mode=2)
            waiting.add(tag)
            channel.basic_publish(message, exchange=EVENTS.name, routing_key=event.type)
            while len(waiting) >= size:
                connection.drain_events(timeout=10)
        while waiting:
            connection.drain_events(timeout=10)
    return len(bodies)


def _amqp_arguments(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "host": f"{parts.hostname}:{parts.port}",
        "userid": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "virtual_host": unquote(parts.path[1:]) or "/",
    }


@contextmanager
def role(road: Road, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A role as it is in use: a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "services", road.card.name, name], env=road.env)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def await_relay(road: Road) -> None:
    """Until it publishes: to start takes it seconds of CPU, and is not what is measured."""
    with road.session() as session:
        session.execute(SAY, (*_row(0, 560), clock.now()))
    await_published(road)


def await_published(road: Road) -> None:
    deadline = clock.monotonic() + 60
    with road.session() as session:
        while session.execute("SELECT FROM outbox LIMIT 1").fetchone() is not None:
            if clock.monotonic() > deadline:
                raise TimeoutError("the relay does not publish")
            gevent.sleep(0.05)


def consumer(road: Road) -> list[Line]:
    """Draining a queue: one upserted row an event, against the barest batches, and one transaction a message."""
    ours, bare, single = [], [], []
    for _ in range(ROUNDS):
        ours.append(_drain(road, 50))
        single.append(_drain(road, 1, EVENTS_A_ROUND // 5))
        bare.append(_drain_bare(road))
    return [
        at_least("consumer, bare batches of 50 as limit", ours, bare, 0.50),
        at_least("consumer, a transaction a message as limit", ours, single, 4.0),
    ]


def _fill_queue(road: Road, count: int) -> None:
    road.empty()
    with closing(road.transport()) as transport:
        transport.publish([Outgoing(*_row(number, 560)) for number in range(count)])


def _drain(road: Road, batch: int, count: int = EVENTS_A_ROUND) -> float:
    _fill_queue(road, count)
    with closing(road.transport()) as transport:
        settings = {"service": road.card.name, "retry_delays": (1,), "batch": batch}
        worker = consuming.Consumer(road.database, transport, road.reactions, **settings)  # type: ignore[arg-type]

        def drain() -> int:
            done = 0
            while done < count:
                done += worker.step()
            return done

        rate = _timed(drain)
    _check_effects(road, count)
    return rate


INBOX = "INSERT INTO inbox (reaction, event_id, at) SELECT 'bare', unnest(%s::uuid[]), %s ON CONFLICT DO NOTHING"
UPSERT = (
    "INSERT INTO branches (id, version, name, country, time_zone, language, weight_unit, active)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version,"
    " name = EXCLUDED.name, country = EXCLUDED.country, time_zone = EXCLUDED.time_zone,"
    " language = EXCLUDED.language, weight_unit = EXCLUDED.weight_unit, active = EXCLUDED.active"
    " WHERE branches.version < EXCLUDED.version"
)


def _drain_bare(road: Road) -> float:
    """Consume, one bulk insert into the inbox, one upsert a message, a commit and an acknowledgement for 50."""
    _fill_queue(road, EVENTS_A_ROUND)
    with amqp.Connection(**_amqp_arguments(road.amqp_url)) as connection, psycopg.connect(road.database.url) as session:
        channel = connection.channel()
        channel.basic_qos(0, 200, False)
        arrived: list[Any] = []
        channel.basic_consume(queue=road.card.name, callback=arrived.append)

        def drain() -> int:
            done = 0
            while done < EVENTS_A_ROUND:
                while len(arrived) < 50 and done + len(arrived) < EVENTS_A_ROUND:
                    connection.drain_events(timeout=5)
                batch, arrived[:50] = arrived[:50], []
                _write_bare(session, [orjson.loads(message.body) for message in batch])
                channel.basic_ack(batch[-1].delivery_tag, multiple=True)
                done += len(batch)
            return done

        rate = _timed(drain)
    _check_effects(road, EVENTS_A_ROUND)
    return rate


def _write_bare(session: psycopg.Connection[Any], events: list[dict[str, Any]]) -> None:
    session.execute(INBOX, ([event["id"] for event in events], clock.now()))
    for event in events:
        data = event["data"]
        values = [data[name] for name in ("name", "country", "time_zone", "language", "weight_unit", "active")]
        session.execute(UPSERT, (event["subject"], event["subjectversion"], *values))
    session.commit()


def _check_effects(road: Road, count: int) -> None:
    with road.session() as session:
        found = session.execute("SELECT count(*) FROM branches").fetchone()
    if found != (count,):
        raise RuntimeError(f"{found} effects of {count} events")


def effect(road: Road) -> list[Line]:
    """From the commit of an event to the commit of its effect, at 100 events a second, every role a process."""
    road.empty()
    count, pause = 1000, 0.01
    written: dict[str, float] = {}
    with role(road, "relay"), role(road, "consumer"), road.session() as session:
        _warm_up(road, session)
        for number in range(count):
            began = clock.monotonic()
            event_id, body = branch_event(number, 560)
            session.execute(SAY, (event_id, BRANCH_STATED.type, body, clock.now()))
            written[orjson.loads(body)["subject"]] = clock.timestamp()
            gevent.sleep(max(0.0, pause - (clock.monotonic() - began)))
        _await_rows(road, count + 1)
        rows = session.execute("SELECT id::text, pg_xact_commit_timestamp(xmin) FROM branches").fetchall()
    waits = sorted((at.timestamp() - written[name]) * 1000 for name, at in rows if name in written)
    return [
        at_most("commit to effect, 100 events a second, p50", median(waits), 10),
        at_most("commit to effect, 100 events a second, p99", waits[int(len(waits) * 0.99)], 50),
    ]


def _warm_up(road: Road, session: psycopg.Connection[Any]) -> None:
    event_id, body = branch_event(0)
    session.execute(SAY, (event_id, BRANCH_STATED.type, body, clock.now()))
    _await_rows(road, 1)


def _await_rows(road: Road, count: int) -> None:
    deadline = clock.monotonic() + 30
    with road.session() as session:
        while clock.monotonic() < deadline:
            found = session.execute("SELECT count(*) FROM branches").fetchone()
            if found and found[0] >= count:
                return
            gevent.sleep(0.05)
    raise TimeoutError("the events had no effect in time")


def run(road: Road) -> list[Line]:
    return [*relay(road), *consumer(road), *effect(road)]
