"""The broker that tests are given does what they rely on."""

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker

from shared.testing.eventually import eventually

DURABLE = pika.BasicProperties(delivery_mode=2)
QUORUM = {"x-queue-type": "quorum"}


def connect(url: str):
    return pika.BlockingConnection(pika.URLParameters(url))


def publish(url: str, queue: str, *bodies: bytes, arguments: dict = QUORUM) -> None:
    with connect(url) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(queue, durable=True, arguments=arguments)
        for body in bodies:
            channel.basic_publish("", queue, body, DURABLE)


def test_a_virtual_host_is_empty_and_sees_nothing_of_another(broker, vhost):
    other = broker.new_vhost()
    publish(other.url, "orders", b"one")
    assert vhost.queues() == {}
    assert other.ready("orders") == 1
    other.drop()


def test_queues_are_listed_with_type_counts_and_policy(vhost):
    vhost.set_policy("limit", "^orders$", {"max-length": 10})
    publish(vhost.url, "orders", b"one", b"two")

    def both_are_counted():
        queue = vhost.queues()["orders"]
        assert (queue.type, queue.ready, queue.unacknowledged, queue.policy) == ("quorum", 2, 0, "limit")

    eventually(both_are_counted)


def test_a_user_may_write_its_own_types_only(vhost):
    url = vhost.new_user(write="^foyer.events$", may_publish={"foyer.events": "^clients\\."})
    with connect(vhost.url) as connection:
        connection.channel().exchange_declare("foyer.events", "topic", durable=True)
    with connect(url) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("foyer.events", "clients.client.updated.v1", b"{}")
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            channel.basic_publish("foyer.events", "memberships.plan.added.v1", b"{}")
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            connection.channel().queue_declare("mine")


def test_clients_can_be_cut_off(vhost):
    with connect(vhost.url) as connection:
        eventually(vhost.close_connections)
        with pytest.raises(ConnectionClosedByBroker):
            connection.process_data_events(time_limit=10)


@pytest.mark.soak
def test_a_durable_message_survives_a_kill_and_a_restart_at_the_same_address(own_broker):
    broker = own_broker()
    vhost = broker.new_vhost()
    publish(vhost.url, "orders", b"kept")
    broker.settle()
    broker.kill()
    assert not broker.takes_connections()
    broker.start()
    eventually(lambda: vhost.ready("orders") == 1)
    broker.restart()
    eventually(lambda: vhost.ready("orders") == 1)


def test_publishers_are_blocked_and_released(own_broker):
    broker = own_broker()
    heard: list[str] = []
    with connect(broker.url()) as connection:
        connection.add_on_connection_blocked_callback(lambda *_: heard.append("blocked"))
        connection.add_on_connection_unblocked_callback(lambda *_: heard.append("unblocked"))

        def hears(word: str) -> bool:
            connection.process_data_events(time_limit=0)
            return heard[-1:] == [word]

        channel = connection.channel()
        channel.queue_declare("orders")
        broker.block()
        channel.basic_publish("", "orders", b"held back")
        eventually(lambda: hears("blocked"))
        broker.unblock()
        eventually(lambda: hears("unblocked"))
        eventually(lambda: channel.queue_declare("orders", passive=True).method.message_count == 1)
