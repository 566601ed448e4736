"""What the design takes for granted of RabbitMQ, so that a new version which changes it is noticed here first."""

from typing import Any

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker, NackError

from shared.testing.eventually import eventually

DURABLE = pika.BasicProperties(delivery_mode=2)
EVENTS = "foyer.events"
LOG = "foyer.events.log"
AT_LEAST_ONCE = {
    "x-queue-type": "quorum",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
    "x-dead-letter-exchange": "clients.retry",
}


@pytest.fixture
def channel(vhost):
    with pika.BlockingConnection(pika.URLParameters(vhost.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


def get(channel, queue: str):
    """(properties, body) of the next message, or None."""
    method, properties, body = channel.basic_get(queue, auto_ack=True)
    return (properties, body) if method else None


def arrived(channel, queue: str) -> Any:
    """The next message; nothing when there is none yet."""
    return get(channel, queue) or ()


def test_a_retry_queue_gives_its_messages_back_after_their_delay(channel):
    channel.exchange_declare("clients.retry", "direct", durable=True)
    delay = {"x-message-ttl": 50, "x-dead-letter-routing-key": "clients"}
    channel.queue_declare("clients.retry.50ms", durable=True, arguments=AT_LEAST_ONCE | delay)
    channel.queue_bind("clients.retry.50ms", "clients.retry", "clients.retry.50ms")
    channel.queue_declare("clients", durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind("clients", "clients.retry", "clients")
    channel.basic_publish("clients.retry", "clients.retry.50ms", b"again", DURABLE)
    properties, body = eventually(lambda: arrived(channel, "clients"))
    assert body == b"again"
    assert [(death["queue"], death["reason"]) for death in properties.headers["x-death"]] == [
        ("clients.retry.50ms", "expired")
    ]


def test_a_dead_letter_that_finds_no_queue_is_kept_until_there_is_one(own_broker):
    broker = own_broker()
    # It is tried again after three minutes, too long for a test.
    broker.ctl("eval", "application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 300).")
    with pika.BlockingConnection(pika.URLParameters(broker.url())) as connection:
        channel = connection.channel()
        channel.exchange_declare("clients.retry", "direct", durable=True)
        delay = {"x-message-ttl": 1, "x-dead-letter-routing-key": "late"}
        channel.queue_declare("short", durable=True, arguments=AT_LEAST_ONCE | delay)
        channel.basic_publish("", "short", b"kept", DURABLE)
        eventually(lambda: channel.queue_declare("short", passive=True).method.message_count == 0)  # it has expired
        channel.queue_declare("late", durable=True)
        channel.queue_bind("late", "clients.retry", "late")
        assert eventually(lambda: arrived(channel, "late"))[1] == b"kept"


def test_a_full_queue_refuses_what_does_not_fit(channel):
    channel.queue_declare("full", durable=True, arguments=AT_LEAST_ONCE | {"x-max-length": 2})
    with pytest.raises(NackError):
        for _ in range(50):  # it lets some more in than it should hold, before it refuses
            channel.basic_publish("", "full", b"one more", DURABLE)


def test_a_stream_is_read_from_its_beginning_as_often_as_one_likes(channel, vhost):
    declare_log(channel, {"x-max-age": "30D", "x-stream-max-segment-size-bytes": 50_000_000})
    sent = [b"event %d" % number for number in range(5)]
    for number, body in enumerate(sent):
        channel.basic_publish(EVENTS, f"clients.client.updated.v{number}", body, DURABLE)
    for _ in range(2):
        assert read_log(vhost, len(sent)) == sent


def test_a_stream_is_not_read_without_a_prefetch(channel):
    declare_log(channel, {})
    with pytest.raises(ChannelClosedByBroker, match="prefetch"):
        channel.basic_consume(LOG, lambda *_: None, arguments={"x-stream-offset": "first"})


def test_an_old_event_is_gone_from_the_stream(channel, vhost):
    declare_log(channel, {"x-max-age": "1s", "x-stream-max-segment-size-bytes": 1000})
    channel.basic_publish(EVENTS, "clients.client.registered.v1", b"the first", DURABLE)

    def the_first_is_gone():
        # A segment is let go of as a whole, and only when a new one begins: it takes writing to forget.
        channel.basic_publish(EVENTS, "clients.client.updated.v1", b"." * 1000, DURABLE)
        assert read_log(vhost, 1) != [b"the first"]

    eventually(the_first_is_gone, within=30, every=0.2)


def declare_log(channel, arguments: dict) -> None:
    channel.exchange_declare(EVENTS, "topic", durable=True)
    channel.queue_declare(LOG, durable=True, arguments={"x-queue-type": "stream", **arguments})
    channel.queue_bind(LOG, EVENTS, "#")


def read_log(vhost, count: int) -> list[bytes]:
    """The first `count` events that the stream still has.

    On a connection of its own: pika's `cancel` rejects what it has fetched ahead, and a stream answers a reject by
    closing the connection.
    """
    bodies: list[bytes] = []

    def take(channel, method, _, body) -> None:
        bodies.append(body)
        channel.basic_ack(method.delivery_tag)

    connection = pika.BlockingConnection(pika.URLParameters(vhost.url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    channel.basic_consume(LOG, take, arguments={"x-stream-offset": "first"})
    eventually(lambda: connection.process_data_events(time_limit=0) or len(bodies) >= count)
    connection.close()
    return bodies[:count]
