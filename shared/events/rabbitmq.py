"""The transport for RabbitMQ 3.10 to 4: a topic exchange, a quorum queue per service, a stream of the last 30 days.

What RabbitMQ itself gives up on (a delivery limit, an expired queue) goes to `<queue>.dead`, from where the consumer
tries it once more with care. Limits and ages are policies (`deploy/rabbitmq`), so that no argument ever changes under
one name; the stream's age is an argument too, because nobody may lengthen what was promised to people.

A service needs few rights: `deploy/rabbitmq/definitions.py` lists them. What all services share is only looked for
where somebody with more rights has made it.
"""

import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import amqp
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError

from shared import clock
from shared.contracts.contract import Contract
from shared.events.envelope import CONTENT_TYPE
from shared.events.transport import Delivery, Outgoing, Unreachable

EVENTS = Exchange("foyer.events", type="topic", durable=True)
ANNOUNCEMENTS = Exchange("foyer.announcements", type="topic", durable=True)
"""Where an owner states its rows to one queue only: the routing key is the type, then the queue's name. It begins with
the type so that here, too, the broker lets a service write its own types only."""
STREAM = Queue(
    "foyer.events.log",
    exchange=EVENTS,
    routing_key="#",
    durable=True,
    queue_arguments={
        "x-queue-type": "stream",
        "x-max-age": "30D",
        "x-stream-max-segment-size-bytes": 50_000_000,
    },
)

CONFIRM_SECONDS = 30.0
"""How long the broker may say nothing about what was published, unless it has said that it blocks publishers."""
AT_ONCE = 50
"""How many events are written to the socket together; between two such pieces we hear what the broker says."""
PREFETCH = 200
HEARTBEAT = 20
METHOD = 1
"""The type of a frame that begins a publication (AMQP 0-9-1, 4.2.3)."""
TROUBLE = (OperationalError, amqp.AMQPError, OSError, EOFError, socket.timeout)


class Pile:
    """Takes frames as a socket would, to be written together."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def write(self, frames: memoryview | bytes) -> None:
        self.taken += frames


class RabbitMQ:
    """One connection, opened when first needed and again after it was lost. Not to be shared between greenlets."""

    def __init__(self, url: str, *, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: Connection | None = None
        self._channel: Any = None
        self._blocked = False
        self._published = 0
        self._unconfirmed: dict[int, UUID] = {}
        self._refused: list[UUID] = []
        self._arrived: deque[Delivery] = deque()
        self._consumed: str | None = None

    def declare(self, queue: str, types: Sequence[str], no_more: Iterable[str] = ()) -> None:
        with self._channel_or_unreachable() as channel:
            for shared in (EVENTS, ANNOUNCEMENTS, STREAM):
                self._make_missing(shared)
            self._declare_queue(channel, queue)
            for type_ in types:
                channel.queue_bind(queue=queue, exchange=EVENTS.name, routing_key=type_)
            # AMQP cannot list bindings, but it takes ending one that is not there for done.
            for type_ in {*Contract.known, *no_more} - set(types):
                channel.queue_unbind(queue=queue, exchange=EVENTS.name, routing_key=type_)

    def _make_missing(self, shared: Exchange | Queue) -> None:
        """Declares it unless it is there: to look for it takes no right. A refusal costs the channel, so it has one."""
        assert self._connection is not None
        with self._connection.channel() as channel:
            try:
                _look_for(shared, channel)
                return
            except amqp.NotFound:
                pass
        with self._connection.channel() as channel:
            shared(channel).declare()

    def _declare_queue(self, channel: Any, name: str) -> None:
        given_up = Exchange(f"{name}.given-up", type="direct", durable=True)
        dead = Queue(f"{name}.dead", given_up, "", durable=True, queue_arguments={"x-queue-type": "quorum"})
        dead(channel).declare()
        arguments = {
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": given_up.name,
            "x-dead-letter-routing-key": "",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        queue = Queue(name, durable=True, queue_arguments=arguments)
        queue(channel).queue_declare()
        queue(channel).bind_to(ANNOUNCEMENTS.name, f"#.{name}")

    def publish(self, batch: Sequence[Outgoing], waiting: Callable[[], object] = lambda: None) -> Sequence[UUID]:
        with self._channel_or_unreachable() as channel:
            self._confirm(channel)
            self._refused = []
            for first in range(0, len(batch), AT_ONCE):
                while self._blocked:
                    waiting()
                    self._hear(HEARTBEAT / 4)
                self._send(channel, batch[first : first + AT_ONCE])
                self._hear_all()
            self._await_confirms(waiting)
            return self._refused

    def _send(self, channel: Any, events: Sequence[Outgoing]) -> None:
        """In one piece: `basic_publish` looks at the socket, sets its timeout and writes to it for every message, which
        costs us and the broker as much as all the rest."""
        pile = Pile()
        write_frame = frame_writer(channel.connection, pile)
        for event in events:
            message = amqp.basic_message.Message(
                event.body.encode(),
                content_type=CONTENT_TYPE,
                message_id=str(event.event_id),
                type=event.type,
                app_id=self._service,
                delivery_mode=2,
            )
            exchange, key = (ANNOUNCEMENTS, f"{event.type}.{event.queue}") if event.queue else (EVENTS, event.type)
            self._published += 1
            self._unconfirmed[self._published] = event.event_id
            write_frame(METHOD, channel.channel_id, amqp.spec.Basic.Publish, _publication(exchange.name, key), message)
        transport = channel.connection.transport
        with transport.having_timeout(CONFIRM_SECONDS):
            transport.write(pile.taken)

    def _confirm(self, channel: Any) -> None:
        """Puts the channel into confirm mode once; delivery tags then count from 1."""
        if getattr(channel, "foyer_confirms", False):
            return
        channel.confirm_select()
        channel.foyer_confirms = True
        self._published = 0
        self._unconfirmed.clear()
        channel.events["basic_ack"].add(self._decided)
        channel.events["basic_nack"].add(lambda tag, multiple: self._refused.extend(self._decided(tag, multiple)))

    def _decided(self, tag: int, multiple: bool) -> list[UUID]:
        tags = [waiting for waiting in self._unconfirmed if waiting <= tag] if multiple else [tag]
        return [self._unconfirmed.pop(each) for each in tags if each in self._unconfirmed]

    def _await_confirms(self, waiting: Callable[[], object]) -> None:
        deadline = clock.monotonic() + CONFIRM_SECONDS
        while self._unconfirmed:
            waiting()
            if self._hear(HEARTBEAT / 4) or self._blocked:
                deadline = clock.monotonic() + CONFIRM_SECONDS
            elif clock.monotonic() > deadline:
                raise TimeoutError("the broker did not confirm in time")

    def _hear(self, timeout: float) -> bool:
        """Takes in what the broker says, the first of it within `timeout`; False when it says nothing."""
        assert self._connection is not None
        try:
            self._connection.drain_events(timeout=timeout)
        except TimeoutError:
            self._connection.heartbeat_check()
            return False
        return True

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        with self._channel_or_unreachable() as channel:
            self._consume(channel, queue)
            deadline = clock.monotonic() + timeout
            while len(self._arrived) < limit:
                # Waits for the first message, then takes along what has arrived already.
                if not self._hear(0 if self._arrived else max(0.0, deadline - clock.monotonic())):
                    break
            return [self._arrived.popleft() for _ in range(min(limit, len(self._arrived)))]

    def _consume(self, channel: Any, queue: str) -> None:
        if self._consumed == queue:
            return
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(queue=queue, callback=self._on_message)
        channel.basic_consume(queue=f"{queue}.dead", callback=self._on_given_up)
        self._consumed = queue

    def _on_message(self, message: Any) -> None:
        came_as = _type_in(message.delivery_info)
        self._arrived.append(Delivery(_bytes(message.body), message.delivery_tag, came_as=came_as))

    def _on_given_up(self, message: Any) -> None:
        deaths = (message.headers or {}).get("x-death") or [{}]
        reason = f"the broker gave up: {deaths[0].get('reason', 'unknown')}"
        self._arrived.append(Delivery(_bytes(message.body), message.delivery_tag, given_up=reason))

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        with self._channel_or_unreachable() as channel:
            channel.basic_ack(max(delivery.receipt for delivery in deliveries), multiple=True)

    def _hear_all(self) -> None:
        """Takes in what the broker has said already, such as that it blocks publishers."""
        while self._hear(0):
            pass

    def rest(self) -> None:
        """Heartbeats, without which the broker would end a connection that publishes nothing for a minute."""
        if self._connection is not None:
            with self._channel_or_unreachable():
                self._hear_all()

    def history(self, from_start: bool) -> Iterator[bytes]:
        with self._channel_or_unreachable() as channel:
            arrived: deque[bytes] = deque()

            def take(message: Any) -> None:
                arrived.append(_bytes(message.body))
                channel.basic_ack(message.delivery_tag)

            channel.basic_qos(0, PREFETCH, False)
            offset = {"x-stream-offset": "first" if from_start else "next"}
            channel.basic_consume(queue=STREAM.name, callback=take, arguments=offset)
            while True:
                self._hear(HEARTBEAT / 4)
                while arrived:
                    yield arrived.popleft()

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._arrived.clear()
        self._consumed = None
        if connection is not None:
            connection.collect()

    @contextmanager
    def _channel_or_unreachable(self) -> Iterator[Any]:
        """The channel; after any trouble both it and the connection are thrown away, and opened anew next time."""
        try:
            yield self._open()
        except TROUBLE as error:
            self.close()
            raise Unreachable(f"RabbitMQ: {error or type(error).__name__}") from error
        except BaseException:
            self.close()
            raise

    def _open(self) -> Any:
        if self._channel is None:
            self._blocked = False
            self._connection = Connection(
                self._url,
                heartbeat=HEARTBEAT,
                connect_timeout=5,
                ssl=_tls(self._url),
                transport_options={
                    "client_properties": {"connection_name": f"foyer-{self._service}"},
                    "on_blocked": lambda reason: self._set_blocked(True),
                    "on_unblocked": lambda: self._set_blocked(False),
                },
            )
            self._connection.ensure_connection(max_retries=1, timeout=5)
            self._channel = self._connection.default_channel
        return self._channel

    def _set_blocked(self, blocked: bool) -> None:
        self._blocked = blocked


def _tls(url: str) -> dict[str, Any] | bool:
    """For `amqps`: the certificate is one that this machine trusts, and of that very host. Kombu alone does not look
    for whom it was made out. An authority of one's own is told by `SSL_CERT_FILE`."""
    parts = urlsplit(url)
    return {"server_hostname": parts.hostname, "cert_reqs": ssl.CERT_REQUIRED} if parts.scheme == "amqps" else False


@lru_cache(10_000)
def _publication(exchange: str, key: str) -> bytes:
    """The arguments of `basic.publish`: neither mandatory nor immediate."""
    arguments: bytes = dumps("Bssbb", (0, exchange, key, False, False))
    return arguments


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def _type_in(delivery: dict[str, Any]) -> str:
    """The type in the routing key; that of an announcement has the queue behind it."""
    key = str(delivery["routing_key"])
    return key.rpartition(".")[0] if delivery["exchange"] == ANNOUNCEMENTS.name else key


def _look_for(shared: Exchange | Queue, channel: Any) -> None:
    """Raises amqp.NotFound when it is not there."""
    if isinstance(shared, Queue):
        channel.queue_declare(queue=shared.name, passive=True)
    else:
        channel.exchange_declare(exchange=shared.name, type=shared.type, passive=True)
