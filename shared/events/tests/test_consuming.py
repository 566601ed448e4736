"""A consumer and its reactions, on each transport."""

from collections import Counter
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import orjson
import pytest
from structlog.testing import capture_logs

from shared import clock
from shared.contracts.directory import BRANCH_ADDED, BRANCH_CHANGED, ROLE_ADDED
from shared.events import consumer as consuming
from shared.events import failures
from shared.events.tests import salon
from shared.events.transport import Delivery, Outgoing
from shared.testing.behaviours import behaviour
from shared.testing.eventually import eventually


@behaviour("redelivery after a kill")
def test_what_a_killed_consumer_held_is_delivered_to_the_next_and_has_one_effect(house):
    house.breaks("slow")
    events = [house.say("slow"), *(house.say() for _ in range(20))]
    house.carry()
    consumer = house.process("consumer")
    eventually(lambda: house.is_running("SELECT pg_sleep"))
    assert house.done() == []
    consumer.kill()
    consumer.wait()
    house.mends("slow")
    with house.running(house.consumer()):
        eventually(lambda: len(house.done()) == len(events))
    assert Counter(house.done()) == Counter(events)
    assert Counter(house.done("keep")) == Counter(events)


@behaviour("retry with growing delay")
def test_a_failing_reaction_is_tried_again_with_growing_delay_until_it_succeeds(house):
    house.retry_delays = "0.5,1.0,1.5"  # so far apart that no step, however slow, makes two attempts
    house.breaks("X")
    event = house.say("X")
    house.carry()
    consumer = house.consumer()
    consumer.step()
    waits = []
    for _ in range(2):
        eventually(lambda: consumer.step(wait=0))
        ((due, failed),) = house.ask("SELECT due_at, failed_at FROM failures")
        waits.append((due - failed).total_seconds())
    assert waits[0] < waits[1]
    house.mends("X")
    house.work(consumer)
    assert house.done() == [event]
    assert house.failures() == []


@behaviour("dead letter with its reason")
def test_after_the_last_attempt_it_is_a_dead_letter_with_its_reason(house):
    house.breaks("X")
    event = house.say("X")
    house.carry()
    house.work()
    assert house.failures() == [("tests.obey", event, 4, True, "Retry: X is broken")]
    assert house.done() == []


@behaviour("dead letter with its reason")
def test_a_rejected_event_is_a_dead_letter_at_once(house):
    event = house.say("never")
    house.carry()
    house.consumer().step()
    assert house.failures() == [("tests.obey", event, 1, True, "Reject: it can never be done")]


@behaviour("dead letter with its reason")
def test_any_reason_can_be_kept(house):
    reasons = {
        "odd words": "ValueError: a \N{REPLACEMENT CHARACTER} and half a pair: ?",
        "dead end": "DivisionByZero: division by zero",
    }
    for name in reasons:
        house.say(name)
    other = house.say()
    house.carry()
    house.work()
    assert {row[4] for row in house.failures() if row[3]} == set(reasons.values())
    assert house.done() == [other]


@behaviour("replay of a dead letter")
def test_a_dead_letter_is_replayed_by_its_id_and_the_others_stay(house):
    house.breaks("X")
    first, second = house.say("X"), house.say("X")
    house.carry()
    consumer = house.consumer()
    house.work(consumer)
    house.mends("X")
    with house.database.transaction() as session:
        letters = {letter.event_id: letter for letter in failures.dead_letters(session)}
        assert failures.replay(session, letters[second].id)
        assert not failures.replay(session, uuid4())
    house.work(consumer)
    assert house.done() == [second]
    assert [row[1] for row in house.failures()] == [first]


@behaviour("duplicates")
def test_an_event_that_arrives_three_times_has_one_effect(house):
    event = house.say()
    body = house.last_body()
    house.carry()
    for _ in range(2):
        house.bus.send_raw("salon", body)
    house.consumer().step()
    house.bus.send_raw("salon", body)
    house.work()
    assert house.done() == [event]
    assert house.done("keep") == [event]


@behaviour("order per subject")
def test_the_events_of_a_subject_arrive_in_their_order(house):
    subjects = [uuid4() for _ in range(7)]
    for version in range(1, 61):
        for subject in subjects:
            house.say(subject=subject, version=version)
    with house.running(house.relay(), house.consumer()):
        eventually(lambda: len(house.effects()) == 7 * 60, within=20)
    for subject in subjects:
        assert [version for each, version in house.effects() if each == subject] == list(range(1, 61))


@behaviour("fails for ever beside others")
def test_a_reaction_that_always_fails_holds_up_no_other(house):
    house.breaks("X")
    bad = [house.say("X") for _ in range(5)]
    good = [house.say() for _ in range(60)]
    bad += [house.say("X")]
    house.carry()
    consumer = house.consumer()
    consumer.step()
    consumer.step()
    assert set(house.done()) == set(good)
    assert sorted(house.done("keep")) == sorted(good + bad)
    house.work(consumer)
    assert {row[1] for row in house.failures()} == set(bad)
    assert all(row[3] for row in house.failures())


@behaviour("a message that kills the process")
def test_the_one_that_kills_the_process_ends_as_a_dead_letter_alone(house):
    before = [house.say() for _ in range(10)]
    killer = house.say("die")
    after = [house.say() for _ in range(60)]
    house.carry()
    with house.kept_running("consumer") as processes:
        eventually(lambda: len(house.done()) == 70 and house.ask("SELECT 1 FROM failures WHERE dead"), within=60)
    assert len(processes) <= 5
    ((reaction, event, _, dead, reason),) = house.failures()
    assert (reaction, event, dead, reason) == ("tests.obey", killer, True, failures.NO_END)
    assert Counter(house.done()) == Counter(before + after)
    assert Counter(house.done("keep")) == Counter([*before, killer, *after])


@behaviour("an undecodable message")
def test_what_cannot_be_read_is_a_dead_letter_once_and_holds_up_nothing(house):
    unreadable = [b"\xff\xfe\0", b"[]", b"{}", b'{"id": 5, "type": "x", "data": 7}', b'"\\u0000"']
    for body in unreadable * 2:
        house.bus.send_raw("salon", body)
    event = house.say()
    house.carry()
    house.work()
    assert [(reaction, dead) for reaction, _, _, dead, _ in house.failures()] == [("-", True)] * len(unreadable)
    assert all(reason.startswith("Undecodable: ") for *_, reason in house.failures())
    assert house.done() == [event]


def test_what_could_not_be_read_is_read_again_when_it_is_replayed(house):
    house.say()
    good = house.last_body()
    house.bus.send_raw("salon", b"{")
    consumer = house.consumer()
    consumer.step()
    with house.database.transaction() as session:
        (letter,) = failures.dead_letters(session)
        assert failures.replay(session, letter.id)
    house.work(consumer)
    assert [row[3] for row in house.failures()] == [True]
    house._do("UPDATE failures SET body = %s", good.decode())
    with house.database.transaction() as session:
        failures.replay(session, letter.id)
    house.work(consumer)
    assert house.failures() == []
    assert len(house.done()) == 1


@behaviour("an unknown type")
def test_a_type_that_nobody_knows_holds_up_nothing_and_is_let_go_after_a_week(house, travel_to):
    stranger = uuid4()
    house.bus.send_raw("salon", orjson.dumps({"id": stranger, "type": "weather.sky.cleared.v1", "data": {}}))
    house.say(contract=ROLE_ADDED, name="nobody listens")
    event = house.say()
    house.carry()
    house.work()
    assert house.done() == [event]
    assert house.bus.waiting("salon") == 0
    assert house.awaiting() == [stranger]
    now = clock.now()
    travel_to(now + timedelta(days=6))
    house.work()
    assert house.awaiting() == [stranger]
    travel_to(now + timedelta(days=7, hours=2))
    with capture_logs() as logs:
        house.work()
    assert house.failures() == []
    assert [line["event_id"] for line in logs if line["event"] == "event_dropped"] == [str(stranger)]


@pytest.mark.parametrize("transport", ["embedded"], indirect=True)
def test_any_type_can_be_kept(house):
    for type_ in ("\0", "long" * 9999):
        body = orjson.dumps({"id": f"{type_[:4]}-", "type": type_})
        assert house.consumer()._tasks(Delivery(body, receipt=None)) == []
    assert len(house.awaiting()) == 2


@behaviour("an upgrade that hears a new type")
def test_a_new_release_reads_once_and_in_order_what_arrived_while_the_old_one_still_ran(house):
    subject = uuid4()
    said = [house.say(subject=subject, version=version, contract=BRANCH_ADDED) for version in range(1, 61)]
    told = house.say(subject=subject, version=61)
    first = house.bodies()[0]
    house.carry()
    old = house.consumer(without=BRANCH_ADDED)
    house.work(old)
    assert house.done() == [told]
    assert house.awaiting() == said
    assert old.step(wait=0) == 0, "it tries again and again"
    old._transport.close()
    said += [house.say(subject=subject, version=version, contract=BRANCH_ADDED) for version in range(62, 70)]
    house.carry()
    house.bus.send_raw("salon", first)
    house.work()
    assert house.done() == [told, *said]
    assert house.failures() == []


@behaviour("an upgrade that hears a new type")
def test_a_new_release_reads_what_an_old_one_beside_it_takes(house, monkeypatch):
    monkeypatch.setattr(consuming, "TAKE_UP_SECONDS", 0.1)
    with house.running(house.consumer()):
        house.say()
        house.carry()
        eventually(lambda: len(house.done()) == 1)
        with house.running(house.consumer(without=BRANCH_ADDED)):
            said = [house.say(contract=BRANCH_ADDED) for _ in range(200)]
            house.carry()
            eventually(lambda: len(house.done()) == 201)
        assert Counter(house.done()[1:]) == Counter(said)
        assert house.failures() == []


@behaviour("an upgrade that hears a new type")
def test_what_fails_in_the_new_release_is_tried_again_like_anything_else(house):
    house.breaks("X")
    event = house.say("X", contract=BRANCH_ADDED)
    house.carry()
    house.work(house.consumer(without=BRANCH_ADDED))
    house.work()
    assert house.failures() == [("tests.obey", event, 4, True, "Retry: X is broken")]
    assert house.done("keep") == [event]


def test_a_release_that_is_rolled_back_unbinds_what_it_does_not_know(house):
    newer = "weather.sky.cleared.v1"
    house.declare([*salon.TYPES, newer])
    with closing(house.bus.connect("weather")) as transport:
        transport.publish([Outgoing(uuid4(), newer, "{}")])
        eventually(lambda: house.bus.waiting("salon") == 1)
        house.declare()
        transport.publish([Outgoing(uuid4(), newer, "{}")])
        wanted = house.say()
        house.carry()
        eventually(lambda: house.bus.waiting("salon") == 2)
    house.work()
    assert house.done() == [wanted]


def test_a_strangers_event_without_a_zone_and_with_an_id_of_its_own_is_read(house):
    event = {
        "id": "A-1",
        "source": "/pos",
        "type": BRANCH_ADDED.type,
        "time": "2026-11-22T10:00:00",
        "subject": str(uuid4()),
        "causationid": 7,
        "data": dict(BRANCH_ADDED.example),
    }
    for _ in range(2):
        house.bus.send_raw("salon", orjson.dumps(event))
    consumer = house.consumer()
    consumer._runner._on_done = lambda event: (clock.now() - event.time).total_seconds()
    house.work(consumer)
    assert len(house.done()) == 1


def test_a_reaction_that_is_no_more_leaves_a_dead_letter_that_says_so(house, travel_to):
    house.breaks("X")
    house.say("X")
    house.carry()
    consumer = house.consumer()
    consumer.step()
    house._do("UPDATE failures SET reaction = 'tests.gone'")
    consumer.step(wait=0)
    assert house.failures()[0][3:] == (False, "Retry: X is broken"), "a newer release may know it"
    travel_to(clock.now() + timedelta(hours=2))
    house.work(consumer)
    assert house.failures()[0][3:] == (True, "no such reaction any more")


def test_a_type_that_is_not_needed_any_more_is_not_delivered(house):
    transport = house.bus.connect("salon")
    transport.declare("salon", [BRANCH_CHANGED.type])
    transport.close()
    house.say(contract=BRANCH_ADDED)
    wanted = house.say()
    house.carry()
    house.work()
    assert house.done() == [wanted]


class TestOnlyRabbitMQ:
    @pytest.fixture
    def transport(self) -> str:
        return "rabbitmq"

    def test_an_event_that_says_another_type_than_it_came_as_is_kept_and_not_run(self, house):
        house.say()
        house.bus.send_raw("salon", house.last_body(), came_as="weather.sky.cleared.v1")
        house.work()
        assert house.done() == []
        assert "it came as weather.sky.cleared.v1" in house.failures()[0][4]

    def test_what_the_broker_gave_up_on_is_tried_once_more_with_care(self, house):
        good, bad = house.say(), house.say("never")
        for body in house.bodies():
            house.bus.give_up("salon", body)
        house.work()
        assert house.done() == [good]
        assert [row[1:] for row in house.failures()] == [(bad, 1, True, "Reject: it can never be done")]
