"""What carries the events of a test, seen from outside: its troubles, and what it has kept."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import orjson
import pika
import psycopg

from shared import clock
from shared.events.embedded import Embedded
from shared.events.rabbitmq import ANNOUNCEMENTS, STREAM, RabbitMQ
from shared.events.transport import Transport
from shared.testing.eventually import eventually
from shared.testing.servers.broker import OwnBroker, Vhost
from shared.testing.servers.postgres import OwnPostgres


class Bus(ABC):
    kind: str
    server: OwnBroker | OwnPostgres | None = None
    """A server of the test's own, where it has asked for one."""

    @abstractmethod
    def environment(self) -> dict[str, str]: ...

    @abstractmethod
    def connect(self, service: str) -> Transport: ...

    @abstractmethod
    def send_raw(self, queue: str, body: bytes) -> None:
        """Puts a body straight into a queue, as a stranger might."""

    @abstractmethod
    def history(self) -> list[dict[str, Any]]:
        """Every event that the stream, or the log, still has, oldest first."""

    def forgets_soon(self) -> None:  # noqa: B027 - a bus may need no telling
        """To be said before anything is declared, where `grow_old` is needed."""

    @abstractmethod
    def grow_old(self, house: Any) -> None:
        """Lets so much time pass, or so much happen, that what is there now is forgotten."""

    @abstractmethod
    def waiting(self, queue: str) -> int:
        """How many messages the queue holds that nobody has taken."""

    @abstractmethod
    @contextmanager
    def blocked(self) -> Iterator[None]:
        """Publishers wait, consumers go on."""

    @abstractmethod
    def holds_back(self, relay: Any) -> bool:
        """Whether a relay has begun to publish and is blocked."""

    @abstractmethod
    @contextmanager
    def refusing(self, queue: str) -> Iterator[None]:
        """The queue takes nothing, or next to nothing."""

    @abstractmethod
    def settle(self) -> None:
        """What was declared survives a kill from here on."""


class RabbitBus(Bus):
    kind = "rabbitmq"

    def __init__(self, vhost: Vhost, server: OwnBroker | None = None) -> None:
        self.vhost = vhost
        self.server = server

    def environment(self) -> dict[str, str]:
        return {"FOYER_AMQP_URL": self.vhost.url}

    def connect(self, service: str) -> RabbitMQ:
        return RabbitMQ(self.vhost.url, service=service)

    def send_raw(self, queue: str, body: bytes, came_as: str | None = None) -> None:
        with pika.BlockingConnection(pika.URLParameters(self.vhost.url)) as connection:
            channel = connection.channel()
            channel.basic_publish(ANNOUNCEMENTS.name, f"{came_as or _type_of(body)}.{queue}", body)

    def give_up(self, queue: str, body: bytes) -> None:
        """As if the broker had given up on a message of the queue."""
        with pika.BlockingConnection(pika.URLParameters(self.vhost.url)) as connection:
            connection.channel().basic_publish(f"{queue}.given-up", "", body)

    def history(self) -> list[dict[str, Any]]:
        with pika.BlockingConnection(pika.URLParameters(self.vhost.url)) as connection:
            channel = connection.channel()
            channel.basic_qos(prefetch_count=1000)
            offset = {"x-stream-offset": "first"}
            bodies = []
            for method, _, body in channel.consume(STREAM.name, arguments=offset, inactivity_timeout=0.5):
                if method is None:
                    break
                bodies.append(orjson.loads(body))
                channel.basic_ack(method.delivery_tag)
            return bodies

    def forgets_soon(self) -> None:
        self.vhost.set_policy("short", f"^{STREAM.name}$", {"max-age": "1s", "stream-max-segment-size-bytes": 1000})

    def grow_old(self, house: Any) -> None:
        first = self.history()[0]["id"]

        def the_first_is_gone() -> bool:
            # A segment is let go of as a whole, and only when a new one begins: it takes writing to forget.
            house.say()
            house.carry()
            return all(event["id"] != first for event in self.history())

        eventually(the_first_is_gone, within=20)

    def waiting(self, queue: str) -> int:
        return self.vhost.ready(queue)

    @contextmanager
    def blocked(self) -> Iterator[None]:
        assert isinstance(self.server, OwnBroker)
        self.server.block()
        yield
        self.server.unblock()

    def holds_back(self, relay: Any) -> bool:
        return bool(relay._transport._blocked)

    @contextmanager
    def refusing(self, queue: str) -> Iterator[None]:
        self.vhost.set_policy("full", f"^{queue}$", {"max-length": 1})
        eventually(lambda: self.vhost.queues()[queue].policy == "full")
        yield
        self.vhost.broker.api("DELETE", "policies", self.vhost.name, "full")

    def settle(self) -> None:
        assert isinstance(self.server, OwnBroker)
        self.server.settle()


class EmbeddedBus(Bus):
    kind = "embedded"

    def __init__(self, url: str, server: OwnPostgres | None = None) -> None:
        self.url = url
        self.server = server

    def environment(self) -> dict[str, str]:
        return {"FOYER_BUS_URL": self.url}

    def connect(self, service: str) -> Embedded:
        return Embedded(self.url)

    def send_raw(self, queue: str, body: bytes) -> None:
        self._do(
            "WITH logged AS (INSERT INTO log (event_id, type, body, at) VALUES (gen_random_uuid(), %s, %s, now())"
            " RETURNING position) INSERT INTO deliveries SELECT %s, position FROM logged",
            (_type_of(body), body, queue),
        )

    def history(self) -> list[dict[str, Any]]:
        with psycopg.connect(self.url) as session:
            rows = session.execute("SELECT body FROM log WHERE NOT announced ORDER BY position").fetchall()
        return [orjson.loads(body) for (body,) in rows]

    def grow_old(self, house: Any) -> None:
        clock.travel(timedelta(days=31))
        transport = self.connect("directory")
        transport.publish([])
        transport.rest()
        transport.close()
        clock.travel(timedelta())

    def waiting(self, queue: str) -> int:
        with psycopg.connect(self.url) as session:
            row = session.execute("SELECT count(*) FROM deliveries WHERE queue = %s", (queue,)).fetchone()
        assert row
        return int(row[0])

    @contextmanager
    def blocked(self) -> Iterator[None]:
        with psycopg.connect(self.url) as session:
            session.execute("LOCK TABLE log IN SHARE MODE")
            yield

    def holds_back(self, relay: Any) -> bool:
        with psycopg.connect(self.url) as session:
            return session.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None

    @contextmanager
    def refusing(self, queue: str) -> Iterator[None]:
        self._do(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$"
        )
        self._do(
            "CREATE TRIGGER refuse BEFORE INSERT ON deliveries FOR EACH ROW"
            f" WHEN (NEW.queue = '{queue}') EXECUTE FUNCTION refuse()"
        )
        yield
        self._do("DROP FUNCTION refuse() CASCADE")

    def settle(self) -> None:
        pass

    def _do(self, statement: str, parameters: tuple[object, ...] = ()) -> None:
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(statement, parameters)


def _type_of(body: bytes) -> str:
    try:
        return str(orjson.loads(body)["type"])
    except (ValueError, TypeError, KeyError):
        return "odd"
