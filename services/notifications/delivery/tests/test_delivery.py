"""Claims, lanes, leases, rates and waking, on a real database."""

import threading
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from services.notifications.catalogue.message_type import CHANNELS
from services.notifications.conftest import MARIA, by_hand, deliver, deliver_all, furnish, state_of
from services.notifications.delivery.claiming import calling, claim
from services.notifications.delivery.lanes import FIRST
from services.notifications.delivery.sending import Sender
from services.notifications.delivery.waking import Sleeper
from services.notifications.delivery.work import purge
from services.notifications.providers.outbox import Outbox
from services.notifications.providers.port import Down, Later, Outgoing, Sent
from shared import clock
from shared.contracts import memberships
from shared.events.envelope import encode
from shared.ids import new_id
from shared.locks import SENDERS_ASLEEP


class Counting(Outbox):
    """An outbox that remembers, and may do something at each message."""

    def __init__(self, channel="email", then=lambda message: Sent()):
        super().__init__(channel)
        self.got: list[Outgoing] = []
        self.then = then

    def send(self, message):
        self.got.append(message)
        return self.then(message)


def test_many_senders_at_once_send_each_message_once(service_of):
    notifications = service_of("notifications", FOYER_EMAIL_RATE="1000")
    furnish(notifications)
    for _ in range(60):
        by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE messages SET due_at = due_at - interval '1 minute'"))
    providers = [Counting() for _ in range(3)]

    def work(provider):
        sender = Sender(notifications.database, provider)
        for _ in range(40):
            sender.step()

    threads = [threading.Thread(target=work, args=(each,)) for each in providers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for provider in providers[:1]:
        Sender(notifications.database, provider).drain()
    ids = [message.id for provider in providers for message in provider.got]
    assert (len(ids), len(set(ids))) == (60, 60)


def test_what_is_urgent_goes_before_all_others(notifications, agreed):
    agreed(notifications, MARIA, "email")
    advert = by_hand(notifications, "email", kind="marketing")
    plain = by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE messages SET lane = 0 WHERE id = :id"), {"id": plain})
    provider = Counting()
    Sender(notifications.database, provider).drain()
    assert str(provider.got[0].id) == plain
    assert len(provider.got) <= 2
    assert advert


def test_what_is_due_is_found_in_the_index_however_much_was_sent_before(notifications):
    by_hand(notifications, "email")
    copies = "CREATE TEMP TABLE copies ON COMMIT DROP AS SELECT messages.* FROM messages, generate_series(1, 4000)"
    look = FIRST.replace("%(last)s", "$1").replace("%(channel)s", "$2").replace("%(now)s", "$3")
    with notifications.database.transaction() as session:
        session.execute(text(copies))
        session.execute(text("UPDATE copies SET id = gen_random_uuid(), business_key = gen_random_uuid()::text"))
        session.execute(text("INSERT INTO messages SELECT * FROM copies"))
        session.execute(text("ANALYZE messages"))
        session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        session.execute(text(f"PREPARE look (int, text, timestamptz) AS {look}"))
        plan = session.scalars(text("EXPLAIN EXECUTE look (2, 'email', now())")).all()
        session.execute(text("DEALLOCATE look"))
    assert any("ix_messages_due" in line for line in plan)
    assert not any("Seq Scan on messages" in line for line in plan)


def test_what_comes_while_a_campaign_goes_out_passes_the_rest_of_it(notifications, agreed):
    agreed(notifications, MARIA, "email")
    for _ in range(3):
        by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE messages SET lane = 2"))
    came: list[str] = []

    def somebody_pays(message):
        if not came:
            came.append(by_hand(notifications, "email"))
        return Sent()

    provider = Counting(then=somebody_pays)
    Sender(notifications.database, provider).drain()
    assert [str(message.id) for message in provider.got].index(came[0]) == 1
    assert len(provider.got) == 4


def test_a_provider_that_goes_down_at_what_passes_is_not_asked_for_the_rest(notifications, agreed):
    agreed(notifications, MARIA, "email")
    for _ in range(3):
        by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE messages SET lane = 2"))

    def goes_down(message):
        if len(provider.got) == 1:
            by_hand(notifications, "email")
        return Sent() if len(provider.got) == 1 else Down("cannot_connect")

    provider = Counting(then=goes_down)
    Sender(notifications.database, provider).step()
    assert len(provider.got) == 2
    assert notifications.rows("SELECT failures FROM provider_rates WHERE channel = 'email'") == [1]
    assert notifications.rows("SELECT count(*) FROM messages WHERE claimed_at IS NOT NULL") == [0]


def test_a_message_whose_worker_died_is_taken_anew_after_thirty_seconds(notifications, travel_to):
    message_id = by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        assert len(claim(session, notifications.config, "email", repeats=True)) == 1
    deliver(notifications, "email")
    assert state_of(notifications, message_id)[0] == "sending"
    travel_to(clock.now() + timedelta(seconds=31))
    deliver(notifications, "email")
    assert state_of(notifications, message_id)[0] == "delivered"


def test_an_sms_whose_worker_died_may_have_gone_out_and_waits_for_word(notifications, travel_to):
    message_id = by_hand(notifications, "sms")
    with notifications.database.transaction() as session:
        (taken,) = claim(session, notifications.config, "sms", repeats=False)
        assert calling(session, taken)
    travel_to(clock.now() + timedelta(seconds=31))
    provider = Counting("sms")
    provider.repeats = False
    Sender(notifications.database, provider).drain()
    assert (state_of(notifications, message_id), provider.got) == (("unknown", "no_answer"), [])
    travel_to(clock.now() + timedelta(minutes=10))
    Sender(notifications.database, provider).drain()
    assert (state_of(notifications, message_id)[0], len(provider.got)) == ("sent", 1)


def test_an_sms_whose_worker_died_before_the_call_is_sent_as_if_nothing_had_been(notifications, travel_to):
    message_id = by_hand(notifications, "sms")
    with notifications.database.transaction() as session:
        (taken,) = claim(session, notifications.config, "sms", repeats=False)
    travel_to(clock.now() + timedelta(seconds=31))
    with notifications.database.transaction() as session:
        assert not calling(session, taken), "its lease is over"
    provider = Counting("sms")
    provider.repeats = False
    Sender(notifications.database, provider).drain()
    assert (state_of(notifications, message_id)[0], len(provider.got)) == ("sent", 1)
    assert notifications.rows("SELECT attempts FROM messages") == [1]


def test_a_channel_goes_no_faster_than_its_rate_however_many_send(service_of, travel_to):
    service = service_of("notifications", FOYER_EMAIL_RATE="5")
    furnish(service)
    for _ in range(20):
        by_hand(service, "email")
    travel_to(clock.now())
    providers = [Counting(), Counting()]
    for provider in providers:
        Sender(service.database, provider).drain()
    assert sum(len(provider.got) for provider in providers) <= 7
    travel_to(clock.now() + timedelta(seconds=1))
    for provider in providers:
        Sender(service.database, provider).drain()
    assert 10 <= sum(len(provider.got) for provider in providers) <= 14


def test_a_message_that_is_tried_too_late_expires(notifications, travel_to):
    message_id = by_hand(notifications, "email")
    Sender(notifications.database, Counting(then=lambda message: Later("smtp_451"))).drain()
    travel_to(clock.now() + timedelta(hours=25))
    deliver(notifications, "email")
    assert state_of(notifications, message_id) == ("expired", "expired")


def test_a_template_that_fails_for_one_client_is_that_message_s_failure_only(notifications):
    broken, good = by_hand(notifications, "email"), by_hand(notifications, "email")
    with notifications.database.transaction() as session:
        broken_title = {"title": "two\nlines", "id": broken}
        statement = (
            "UPDATE messages SET data = data || jsonb_build_object('title', CAST(:title AS text)) WHERE id = :id"
        )
        session.execute(text(statement), broken_title)
    deliver(notifications, "email")
    assert state_of(notifications, broken) == ("failed", "template")
    assert state_of(notifications, good)[0] == "delivered"


def test_bodies_are_gone_after_ninety_days_and_what_happened_stays(notifications, travel_to):
    message_id = by_hand(notifications, "email", text="Un secreto")
    deliver_all(notifications)
    travel_to(clock.now() + timedelta(days=91))
    purge(notifications.database)
    assert "secreto" not in str(notifications.rows("SELECT to_jsonb(messages) FROM messages"))
    assert state_of(notifications, message_id)[0] == "delivered"


def test_the_whole_stream_read_again_into_an_empty_service_tells_nobody_anything(notifications, service_of):
    bodies = []
    before = clock.now() - timedelta(hours=1)
    for contract in (memberships.PAYMENT_SUCCEEDED, memberships.PAYMENT_FAILED, memberships.MEMBERSHIP_STARTED):
        for _ in range(5):
            data = {**contract.example, "client_id": str(MARIA), "id": str(new_id())} | (
                {"payer_id": str(MARIA)} if "payer_id" in contract.example else {}
            )
            from shared.actor import Context

            _, body = encode(contract, subject=new_id(), version=1, data=data, context=Context("service:x", "api"))
            bodies.append(body.replace(f'"time":"{clock.now().date()}', f'"time":"{before.date()}', 1))
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE beginning SET at = :now"), {"now": clock.now() + timedelta(seconds=1)})
    for body in bodies:
        notifications.deliver_body(body)
    deliver_all(notifications)
    assert notifications.rows("SELECT count(*) FROM messages") == [0]


@pytest.mark.parametrize("times", range(3))
def test_a_sender_that_sleeps_is_woken_by_a_new_message(notifications, times):
    sleeper = Sleeper(notifications.database, "email")
    woken = threading.Event()

    def sleep():
        sleeper.sleep(lambda: False)
        woken.set()

    thread = threading.Thread(target=sleep)
    began = clock.monotonic()
    thread.start()
    while not notifications.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7301 AND granted"):
        assert not woken.is_set()
    by_hand(notifications, "email")
    thread.join()
    sleeper.close()
    assert clock.monotonic() - began < 0.9


def test_a_sender_whose_provider_rests_looks_more_and_more_seldom_and_is_awake_again_after_work(notifications):
    sleeper = Sleeper(notifications.database, "email")
    looks = 0

    def looked():
        nonlocal looks
        looks += 1
        return True

    until = clock.monotonic() + 1.0
    while clock.monotonic() < until:
        sleeper.sleep(looked)
    assert looks < 15, "it would take a processor for as long as a provider is down"
    resting = seconds_of_three(sleeper, looked)
    sleeper.stay_awake()
    awake = seconds_of_three(sleeper, looked)
    sleeper.close()
    assert awake < resting / 2


def seconds_of_three(sleeper, is_anything_due):
    began = clock.monotonic()
    for _ in range(3):
        sleeper.sleep(is_anything_due)
    return clock.monotonic() - began


def test_a_new_message_wakes_the_senders_of_its_own_channel_and_no_others(notifications):
    with psycopg.connect(notifications.database.url, autocommit=True) as asleep:
        for number, channel in enumerate(CHANNELS):
            asleep.execute("SELECT pg_advisory_lock(%s, %s)", (SENDERS_ASLEEP, number))
            asleep.execute(f"LISTEN messages_{channel}")
        by_hand(notifications, "sms")
        assert [woken.channel for woken in asleep.notifies(timeout=5, stop_after=1)] == ["messages_sms"]
        by_hand(notifications, "email")
        assert [woken.channel for woken in asleep.notifies(timeout=5, stop_after=1)] == ["messages_email"]
