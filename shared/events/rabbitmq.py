"""The transport for RabbitMQ 3.10 to 4: a topic exchange, a quorum queue per service, a stream of the last 30 days.

What RabbitMQ itself gives up on (a delivery limit, an expired queue) goes to `<queue>.dead`, from where the consumer
keeps it as a dead letter in its database. Limits and ages are policies (`deploy/rabbitmq`), so that no argument ever
changes under one name; the stream's age is an argument too, because nobody may lengthen what was promised to people.

A service needs few rights: `deploy/rabbitmq/definitions.py` lists them. What all services share is only looked for
where somebody with more rights has made it.
"""

import socket
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import amqp
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError

from shared import clock
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
PREFETCH = 200
HEARTBEAT = 20
TROUBLE = (OperationalError, amqp.AMQPError, OSError, EOFError, socket.timeout)


class RabbitMQ:
    """One connection, opened when first needed and again after it was lost. Not to be shared between greenlets."""

    def __init__(self, url: str, *, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: Connection | None = None
        self._channel: Any = None
        self._unconfirmed: set[int] = set()
        self._nacked = False
        self._arrived: deque[Delivery] = deque()
        self._consumed: str | None = None

    def declare(self, queue: str, types: Sequence[str]) -> None:
        with self._channel_or_unreachable() as channel:
            for shared in (EVENTS, ANNOUNCEMENTS, STREAM):
                self._make_missing(shared)
            self._declare_queue(channel, queue)
            for type_ in types:
                channel.queue_bind(queue=queue, exchange=EVENTS.name, routing_key=type_)

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

    def unbind(self, queue: str, types: Sequence[str]) -> None:
        """Ends what `declare` bound and no reaction needs any more."""
        with self._channel_or_unreachable() as channel:
            for type_ in types:
                channel.queue_unbind(queue=queue, exchange=EVENTS.name, routing_key=type_)

    def publish(self, batch: Sequence[Outgoing]) -> None:
        with self._channel_or_unreachable() as channel:
            self._confirm(channel)
            for event in batch:
                self._send(channel, event)
            self._await_confirms()

    def _send(self, channel: Any, event: Outgoing) -> None:
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
        self._unconfirmed.add(self._published)
        channel.basic_publish(message, exchange=exchange.name, routing_key=key, timeout=CONFIRM_SECONDS)

    def _confirm(self, channel: Any) -> None:
        """Puts the channel into confirm mode once; delivery tags then count from 1."""
        if getattr(channel, "foyer_confirms", False):
            return
        channel.confirm_select()
        channel.foyer_confirms = True
        self._published = 0
        self._unconfirmed.clear()
        channel.events["basic_ack"].add(lambda tag, multiple: self._settled(tag, multiple))
        channel.events["basic_nack"].add(self._refused)

    def _settled(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed = {waiting for waiting in self._unconfirmed if waiting > tag}
        else:
            self._unconfirmed.discard(tag)

    def _refused(self, tag: int, multiple: bool) -> None:
        self._nacked = True
        self._settled(tag, multiple)

    def _await_confirms(self) -> None:
        assert self._connection is not None
        deadline = clock.monotonic() + CONFIRM_SECONDS
        while self._unconfirmed:
            left = deadline - clock.monotonic()
            if left <= 0:
                raise TimeoutError("the broker did not confirm in time")
            self._connection.drain_events(timeout=left)
        if self._nacked:
            raise ConnectionError("the broker refused a message")

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        with self._channel_or_unreachable() as channel:
            self._consume(channel, queue)
            self._drain(limit, timeout)
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

    def _drain(self, limit: int, timeout: float) -> None:
        """Waits for the first message, then takes along what has arrived already."""
        assert self._connection is not None
        self._connection.heartbeat_check()
        deadline = clock.monotonic() + timeout
        while len(self._arrived) < limit:
            wait = 0 if self._arrived else max(0.0, deadline - clock.monotonic())
            try:
                self._connection.drain_events(timeout=wait)
            except TimeoutError:
                return

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        with self._channel_or_unreachable() as channel:
            channel.basic_ack(max(delivery.receipt for delivery in deliveries), multiple=True)

    def rest(self) -> None:
        if self._connection is None:
            return
        with self._channel_or_unreachable():
            self._connection.heartbeat_check()
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=0)

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._arrived.clear()
        self._consumed = None
        self._nacked = False
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
            self._connection = Connection(
                self._url,
                heartbeat=HEARTBEAT,
                connect_timeout=5,
                transport_options={"client_properties": {"connection_name": f"foyer-{self._service}"}},
            )
            self._connection.ensure_connection(max_retries=1, timeout=5)
            self._channel = self._connection.default_channel
        return self._channel


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
