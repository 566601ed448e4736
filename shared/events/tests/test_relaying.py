"""A relay, its database and its peers, on each transport."""

import threading
from collections import Counter
from uuid import uuid4

import psycopg
import pytest

from shared import clock
from shared.events import rabbitmq
from shared.events import relay as relaying
from shared.events.relay import LINGER_SECONDS, Relay
from shared.testing.behaviours import behaviour
from shared.testing.eventually import eventually
from shared.testing.network import network


class Watched:
    """A transport that tells the test when it has published, before the relay hears of it."""

    def __init__(self, transport, then) -> None:
        self._transport = transport
        self._then = then
        self.batches = 0

    def publish(self, batch, waiting=None):
        refused = self._transport.publish(batch)
        self.batches += 1
        self._then()
        return refused

    def __getattr__(self, name):
        return getattr(self._transport, name)


@behaviour("a relay cut off in mid-batch")
def test_a_relay_cut_off_between_publishing_and_deleting_publishes_again_and_the_effect_is_one(house):
    events = [house.say() for _ in range(20)]
    with network(house.url) as wire:
        cuts = iter([wire.cut, wire.cut])
        transport = Watched(house.bus.connect("directory"), lambda: next(cuts, lambda: None)())
        with house.running(Relay(wire.url, transport, service="directory"), house.consumer()):
            eventually(lambda: house.unpublished() == 0 and len(house.done()) == 20)
            after = house.say()
            eventually(lambda: after in house.done())
    assert transport.batches >= 3
    assert Counter(house.done()) == Counter([*events, after])


@behaviour("two relays for a moment")
def test_a_relay_that_lost_its_lock_while_it_publishes_does_no_harm(house):
    late, released = threading.Event(), threading.Event()

    def hold() -> None:
        late.set()
        assert released.wait(20)

    first = Relay(house.url, Watched(house.bus.connect("directory"), hold), service="directory")
    second = house.relay()
    subject = uuid4()
    events = [house.say(subject=subject, version=version) for version in range(1, 31)]
    with house.running(first, house.consumer()):
        assert late.wait(10)
        with psycopg.connect(house.url, autocommit=True) as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'foyer-relay'"
                " AND datname = current_database()"
            )
        with house.running(second):
            eventually(lambda: house.unpublished() == 0)
            events += [house.say(subject=subject, version=version) for version in range(31, 41)]
            eventually(lambda: len(house.done()) == 40)
            released.set()
            eventually(lambda: not first.active)
            events.append(house.say(subject=subject, version=41))
            eventually(lambda: len(house.done()) >= 41)
            assert second.active
    assert house.done() == events


@behaviour("a lost relay node is replaced")
def test_the_relay_of_a_lost_node_is_replaced_within_15_seconds(house):
    with network(house.url) as wire:
        lost = Relay(wire.url, house.bus.connect("directory"), service="directory")
        standby = house.relay()
        with house.running(lost, house.consumer()):
            eventually(lambda: lost.active)
            with house.running(standby):
                first = house.say()
                eventually(lambda: house.done() == [first])
                wire.lose()
                began = clock.monotonic()
                second = house.say()  # the server sends it word of this, which is never acknowledged
                eventually(lambda: house.done() == [first, second], within=20)
                assert clock.monotonic() - began < 15
                assert standby.active


@pytest.mark.parametrize("transport", ["rabbitmq"], indirect=True)
def test_an_idle_relay_and_an_idle_consumer_keep_their_connections(house, monkeypatch):
    monkeypatch.setattr(rabbitmq, "HEARTBEAT", 2)  # the broker ends a connection that is silent for twice as long
    relay, consumer = house.relay(), house.consumer()
    with house.running(relay, consumer):
        house.say()
        eventually(lambda: len(house.done()) == 1)
        connections = relay._transport._connection, consumer._transport._connection
        until = clock.monotonic() + 8
        eventually(lambda: clock.monotonic() > until)
        house.say()
        eventually(lambda: len(house.done()) == 2)
        assert (relay._transport._connection, consumer._transport._connection) == connections


@pytest.mark.parametrize("transport", ["embedded"], indirect=True)
class TestWakeUp:
    """The relay's sleep, which has nothing to do with the transport."""

    def test_no_writer_is_missed_whenever_it_commits(self, house, monkeypatch):
        monkeypatch.setattr(relaying, "SEVERAL", 1000)  # it goes to sleep after every look, which is what is tried
        relay = house.relay(poll=60)
        with house.running(relay):
            eventually(lambda: relay.active)
            for _ in range(60):
                writers = [threading.Thread(target=self._write, args=(house,)) for _ in range(8)]
                for writer in writers:
                    writer.start()
                for writer in writers:
                    writer.join()
                eventually(lambda: house.unpublished() == 0, within=5, every=0.001)
            assert house.unpublished() == 0
            relay.stop.set()
            house.say()  # it sleeps for a minute otherwise

    def _write(self, house) -> None:
        """An event whose transaction stays open for a random moment after it was written."""
        with house.database.transaction() as session:
            connection = session.connection().connection.dbapi_connection
            connection.execute("SELECT pg_sleep(random() * 0.004)")
            connection.execute(
                "INSERT INTO outbox (event_id, type, body, at)"
                " VALUES (gen_random_uuid(), 'directory.branch.changed.v1', '{}', now())"
            )
            connection.execute("SELECT pg_sleep(random() * 0.004)")

    def test_writers_do_not_notify_while_the_relay_is_awake(self, house):
        awake, released = threading.Event(), threading.Event()

        def hold() -> None:
            awake.set()
            assert released.wait(20)

        relay = Relay(house.url, Watched(house.bus.connect("directory"), hold), service="directory", poll=60)
        with house.running(relay), psycopg.connect(house.url, autocommit=True) as listener:
            house.say()
            assert awake.wait(10)
            listener.execute("LISTEN outbox")
            for _ in range(20):
                house.say()
            assert list(listener.notifies(timeout=0.2)) == []
            released.set()
            eventually(lambda: house.unpublished() == 0)  # before that it falls asleep for a moment only
            eventually(lambda: self._sleeps(listener))
            house.say()
            assert len(list(listener.notifies(timeout=5, stop_after=1))) == 1
            eventually(lambda: house.unpublished() == 0)
            relay.stop.set()
            house.say()

    def _sleeps(self, session) -> bool:
        row = session.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 7002 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        return row is not None

    def test_what_comes_while_many_write_is_published_together(self, house, monkeypatch):
        monkeypatch.setattr(relaying, "GATHER_SECONDS", 3.0)
        transport = Watched(house.bus.connect("directory"), lambda: None)
        for _ in range(relaying.SEVERAL):
            house.say()
        with house.running(Relay(house.url, transport, service="directory")):
            eventually(lambda: house.unpublished() == 0)
            for _ in range(5):
                house.say()
            eventually(lambda: house.unpublished() == 0)
        assert transport.batches == 2

    def test_what_comes_while_few_write_is_published_at_once(self, house, monkeypatch):
        monkeypatch.setattr(relaying, "GATHER_SECONDS", 600.0)
        for _ in range(relaying.SEVERAL - 1):
            house.say()
        transport = Watched(house.bus.connect("directory"), lambda: None)
        with house.running(Relay(house.url, transport, service="directory")):
            eventually(lambda: house.unpublished() == 0)
            house.say()
            eventually(lambda: house.unpublished() == 0)
        assert transport.batches == 2

    def test_a_writer_that_stays_open_does_not_keep_the_relay_busy(self, house):
        awake, released = threading.Event(), threading.Event()

        def hold() -> None:
            awake.set()
            assert released.wait(20)

        relay = Relay(house.url, Watched(house.bus.connect("directory"), hold), service="directory", poll=60)
        with house.running(relay), psycopg.connect(house.url) as writer:
            house.say()
            assert awake.wait(10)
            writer.execute("INSERT INTO outbox (event_id, type, body, at) VALUES (gen_random_uuid(), 'x', '{}', now())")
            released.set()
            eventually(lambda: relay._linger == LINGER_SECONDS[1])
            house.say()
            eventually(lambda: house.unpublished() == 0)
            writer.rollback()
            relay.stop.set()
            house.say()
