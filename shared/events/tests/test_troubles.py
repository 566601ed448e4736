"""A broker in trouble, on each transport. Its server is this file's own."""

from collections import Counter

from shared.events import rabbitmq
from shared.testing.behaviours import behaviour
from shared.testing.eventually import eventually


@behaviour("a broker that restarts")
def test_a_killed_broker_that_comes_back_loses_nothing_and_doubles_nothing(troubled):
    house = troubled
    with house.running(house.relay(), house.consumer()):
        events = [house.say() for _ in range(20)]
        eventually(lambda: len(house.done()) == 20)
        house.bus.settle()
        events += [house.say() for _ in range(200)]
        house.bus.server.kill()
        events += [house.say() for _ in range(20)]
        house.bus.server.start()
        eventually(lambda: house.unpublished() == 0 and len(house.done()) >= 240, within=60)
    assert Counter(house.done()) == Counter(events)


@behaviour("a broker absent at start")
def test_writers_relay_and_consumer_start_without_a_broker_and_go_on_once_it_is_there(troubled):
    house = troubled
    house.bus.settle()
    house.bus.server.kill()
    with house.running(house.relay(), house.consumer()):
        events = [house.say() for _ in range(20)]
        assert house.unpublished() == 20
        house.bus.server.start()
        eventually(lambda: len(house.done()) >= 20, within=60)
    assert house.done() == events


@behaviour("a broker that blocks publishers")
def test_while_publishers_are_blocked_consumers_go_on_and_afterwards_everything_arrives_once(troubled, monkeypatch):
    monkeypatch.setattr(rabbitmq, "CONFIRM_SECONDS", 0.5)
    house = troubled
    events = [house.say() for _ in range(50)]
    house.carry()
    relay = house.relay()
    with house.running(relay):
        with house.bus.blocked():
            events += [house.say() for _ in range(600)]
            eventually(lambda: house.bus.holds_back(relay))
            house.work()
            assert house.unpublished() == 600
            assert len(house.done()) == 50
        with house.running(house.consumer()):
            eventually(lambda: house.unpublished() == 0 and len(house.done()) >= 650, within=30)
    assert Counter(house.done()) == Counter(events)
    assert {count for count in Counter(event["id"] for event in house.bus.history()).values()} == {1}


@behaviour("a broker that refuses (nack)")
def test_what_the_broker_refuses_waits_in_the_outbox_and_is_published_later(house):
    with house.bus.refusing("salon"):
        events = [house.say() for _ in range(50)]
        with house.running(relay := house.relay()):

            def refused() -> bool:
                events.append(house.say())
                return relay._backoff.seconds > 0.2

            eventually(refused, every=0.1)
        assert house.unpublished() > 0
    with house.running(house.relay(), house.consumer()):
        eventually(lambda: len(house.done()) == len(events))
    assert Counter(house.done()) == Counter(events)
    assert house.unpublished() == 0
