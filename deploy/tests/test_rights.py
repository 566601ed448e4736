"""Who may do what on a real RabbitMQ that was prepared with our definitions."""

from collections.abc import Iterator

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from deploy.rabbitmq.definitions import OPERATOR, definitions
from shared.events.rabbitmq import RabbitMQ
from shared.events.transport import Outgoing, Unreachable
from shared.ids import new_id
from shared.testing.eventually import eventually

PASSWORD = "for-this-test-only"
REGISTERED = "clients.client.registered.v1"
ADDED = "directory.branch.added.v1"


@pytest.fixture
def prepared(broker, vhost):
    """A virtual host prepared for two services and one subscriber."""
    passwords = {name: PASSWORD for name in (OPERATOR, "directory", "clients", "pos")}
    broker.api("POST", "definitions", json=definitions(passwords, ["pos"], vhost.name))
    return vhost


@pytest.fixture
def service(prepared) -> Iterator:
    """The real transport of a service, with that service's rights."""
    opened: list[RabbitMQ] = []

    def connect(name: str) -> RabbitMQ:
        opened.append(RabbitMQ(prepared.broker.url(prepared.name, name, PASSWORD), service=name))
        return opened[-1]

    yield connect
    for transport in opened:
        transport.close()


@pytest.fixture
def channel(prepared) -> Iterator:
    """A plain AMQP channel of a user."""
    opened: list[pika.BlockingConnection] = []

    def connect(name: str):
        opened.append(pika.BlockingConnection(pika.URLParameters(prepared.broker.url(prepared.name, name, PASSWORD))))
        channel = opened[-1].channel()
        channel.confirm_delivery()
        return channel

    yield connect
    for connection in opened:
        connection.close()


def event(type_: str, queue: str | None = None) -> Outgoing:
    return Outgoing(new_id(), type_, f'{{"type":"{type_}"}}', queue)


def test_a_service_declares_publishes_takes_and_settles_with_its_own_rights(service):
    clients, directory = service("clients"), service("directory")
    clients.declare("clients", [ADDED])
    directory.declare("directory", [REGISTERED])
    directory.publish([event(ADDED), event("directory.branch.stated.v1", "clients")])
    deliveries = clients.take("clients", 10, 5.0)
    deliveries += clients.take("clients", 10, 5.0) if len(deliveries) < 2 else []
    assert [delivery.body for delivery in deliveries] == [
        b'{"type":"directory.branch.added.v1"}',
        b'{"type":"directory.branch.stated.v1"}',
    ]
    clients.settle(deliveries)
    clients.close()
    assert service("clients").take("clients", 1, 0.2) == []


def test_what_the_broker_gives_up_on_reaches_its_own_service(service, channel):
    clients = service("clients")
    clients.declare("clients", [ADDED])
    service("directory").publish([event(ADDED)])
    doomed = channel("clients")
    for _ in range(25):  # the policy's delivery limit is 20
        eventually(lambda: _give_back(doomed, "clients") or _waits(doomed, "clients.dead"))
    (delivery,) = clients.take("clients", 1, 5.0)
    assert delivery.given_up == "the broker gave up: delivery_limit"


def _give_back(channel, queue: str) -> bool:
    method, _, _ = channel.basic_get(queue)
    if method:
        channel.basic_nack(method.delivery_tag, requeue=True)
    return bool(method)


def _waits(channel, queue: str) -> bool:
    return channel.queue_declare(queue, passive=True).method.message_count > 0


def test_a_service_cannot_publish_what_another_service_says(service):
    clients = service("clients")
    clients.declare("clients", [])
    with pytest.raises(Unreachable, match="ACCESS_REFUSED"):
        clients.publish([event(ADDED)])
    service("directory").declare("directory", [])
    with pytest.raises(Unreachable, match="ACCESS_REFUSED"):
        clients.publish([event("directory.branch.stated.v1", "directory")])


@pytest.mark.parametrize("user", ["clients", "pos"])
def test_nobody_writes_to_the_default_exchange(service, channel, user):
    service("clients").declare("clients", [])
    with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
        channel(user).basic_publish("", "clients", b"{}")


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda c: c.basic_publish("foyer.events", REGISTERED, b"{}"), id="publish"),
        pytest.param(lambda c: c.basic_publish("foyer.announcements", REGISTERED, b"{}"), id="announce"),
        pytest.param(lambda c: c.queue_bind("clients", "foyer.events", "#"), id="bind a queue of a service"),
        pytest.param(lambda c: c.queue_unbind("clients", "foyer.events", ADDED), id="unbind a queue of a service"),
        pytest.param(lambda c: c.queue_bind("pos.x", "foyer.announcements", "#"), id="hear announcements"),
        pytest.param(lambda c: c.basic_get("clients"), id="read a queue of a service"),
        pytest.param(lambda c: c.queue_purge("clients"), id="empty a queue of a service"),
        pytest.param(lambda c: c.queue_delete("foyer.events.log"), id="delete the stream"),
        pytest.param(lambda c: c.exchange_delete("foyer.events"), id="delete an exchange"),
        pytest.param(lambda c: c.queue_declare("other"), id="have a queue of another name"),
        pytest.param(
            lambda c: c.queue_declare("pos.y", arguments={"x-dead-letter-exchange": "foyer.events"}),
            id="publish by dead-lettering",
        ),
    ],
)
def test_a_subscriber_cannot(service, channel, act):
    service("clients").declare("clients", [ADDED])
    pos = channel("pos")
    pos.queue_declare("pos.x", durable=True)
    with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
        act(pos)


def test_a_subscriber_hears_what_it_binds_and_reads_the_stream_from_its_beginning(service, channel):
    clients = service("clients")
    clients.declare("clients", [])
    pos = channel("pos")
    pos.queue_declare("pos.changes", durable=True, arguments={"x-queue-type": "quorum"})
    pos.queue_bind("pos.changes", "foyer.events", "clients.client.#")
    clients.publish([event(REGISTERED)])
    assert eventually(lambda: pos.basic_get("pos.changes", auto_ack=True)[2]) == event(REGISTERED).body.encode()
    pos.basic_qos(prefetch_count=10)
    stream = pos.consume("foyer.events.log", arguments={"x-stream-offset": "first"}, inactivity_timeout=10)
    assert next(stream)[2] == event(REGISTERED).body.encode()


def test_a_service_cannot_touch_the_queue_of_another(service, channel):
    service("clients").declare("clients", [])
    for act in (
        lambda c: c.basic_get("clients"),
        lambda c: c.queue_bind("clients", "foyer.events", "#"),
        lambda c: c.queue_delete("clients"),
    ):
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            act(channel("directory"))


def test_limits_and_ages_are_policies(service, prepared, channel):
    service("clients").declare("clients", [])
    channel("pos").queue_declare("pos.x", durable=True, arguments={"x-queue-type": "quorum"})
    expected = {
        "clients": "foyer-services",
        "clients.dead": None,
        "foyer.events.log": "foyer-stream",
        "pos.x": "foyer-subscribers",
    }
    eventually(lambda: {name: queue.policy for name, queue in prepared.queues().items()} == expected)


@pytest.mark.parametrize("name", ["clients.x", "foyer", "amq", "", "p" * 50, "operator", "a|b"])
def test_a_subscriber_gets_no_name_that_reaches_further(name):
    with pytest.raises(ValueError, match="cannot be called"):
        definitions({OPERATOR: PASSWORD, "clients": PASSWORD, name: PASSWORD}, [name])
