"""Campaigns: whom they are for, once each, step by step, stopped and resumed, and never to who has not agreed."""

from collections.abc import Callable
from datetime import timedelta, timezone
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text

from services.notifications.campaigns.running import finish, let_in
from services.notifications.campaigns.stepping import go_on
from services.notifications.campaigns.tests.verbs import ROOT, SEND, of_campaigns, plan, progress, start, work
from services.notifications.conftest import CARLOS, MADRID, MARIA, deliver_all
from shared import clock
from shared.actor import Context
from shared.contracts import bookings, clients
from shared.events.envelope import encode
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest


@pytest.fixture
def admin(notifications: ServiceUnderTest) -> Caller:
    return of_campaigns(notifications)


def test_only_who_has_agreed_is_written_to_and_the_others_are_counted_by_the_reason(
    notifications: ServiceUnderTest, admin: Caller, agreed: Callable[..., None]
) -> None:
    agreed(notifications, MARIA, "email")
    asked = {"audience": {}, "entry": {"on": "now"}, "channel": "email"}
    estimated = admin.post(f"{ROOT}/estimate", asked).json
    assert (estimated["audience"], estimated["goes"], estimated["left_out"]) == (2, 1, {"no_consent": 1})
    campaign = plan(admin)
    work(notifications)
    assert progress(admin, campaign)["entered"] == 0
    start(admin, campaign)
    with time_machine.travel(clock.now().replace(hour=11), tick=True):
        work(notifications)
        deliver_all(notifications)
    found = progress(admin, campaign)
    assert (found["entered"], found["done"], found["messages"]["delivered"]) == (2, 2, 1)
    assert found["reasons"] == {"no_consent": 1}
    finish(notifications.database)
    assert admin.get(f"{ROOT}/{campaign['id']}").json["state"] == "ended"


def test_the_server_has_counted_the_messages_of_a_large_campaign_when_all_are_in(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    many = """
        INSERT INTO clients (id, version, name, archived, profile)
        SELECT gen_random_uuid(), 1, 'Ana', false, '{}' FROM generate_series(1, 3000)
    """
    with notifications.database.transaction() as session:
        session.execute(text(many))
        session.execute(text("ANALYZE messages"))
    start(admin, plan(admin))
    work(notifications)
    assert notifications.rows("SELECT reltuples > 1000 FROM pg_class WHERE relname = 'messages'") == [True]


def test_the_audience_is_of_branch_tag_language_plan_and_last_visit(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    def size(**audience):
        asked = {"audience": audience, "entry": {"on": "now"}, "channel": "email"}
        return admin.post(f"{ROOT}/estimate", asked).json["audience"]

    assert size() == 2
    assert size(branch_ids=[str(MADRID)]) == 1
    assert size(languages=["en"]) + size(languages=["es"]) == 2
    press, bride = (str(new_id()) for _ in range(2))
    given = {"tag_ids": [press], "added": [press], "removed": []}
    notifications.deliver(clients.CLIENT_TAGS_CHANGED, given, subject=CARLOS, version=2)
    assert [size(tag_ids=[bride]), size(tag_ids=[bride, press])] == [0, 1]
    assert size(tag_ids=[press], branch_ids=[str(MADRID)]) == 0
    assert size(plan_ids=[str(UUID(int=3))]) == 0
    assert size(not_seen_days=30) == 0
    visit = {"client_id": str(MARIA), "starts_at": (clock.now() - timedelta(days=90)).isoformat()}
    notifications.deliver(bookings.APPOINTMENT_COMPLETED, visit)
    assert size(not_seen_days=30) == 1


def test_steps_wait_and_a_booking_ends_them(notifications: ServiceUnderTest, admin: Caller) -> None:
    steps = [SEND, {"do": "wait", "days": 3}, SEND | {"title": "¿Vienes?"}]
    campaign = plan(admin, steps=steps, stops=["booked"])
    start(admin, campaign)
    work(notifications)
    notifications.deliver(bookings.APPOINTMENT_BOOKED, {"client_id": str(MARIA)})
    found = progress(admin, campaign)
    assert (found["running"], found["stopped"], sum(found["messages"].values())) == (1, 1, 2)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=True):
        work(notifications)
    found = progress(of_campaigns(notifications), campaign)
    assert (found["done"], sum(found["messages"].values())) == (1, 3)


def test_who_enters_takes_the_first_step_at_once(notifications: ServiceUnderTest, admin: Caller) -> None:
    written, waiting = plan(admin), plan(admin, steps=[{"do": "wait", "days": 3}, SEND])
    for campaign in (written, waiting):
        start(admin, campaign)
    while let_in(notifications.database):
        pass
    assert not go_on(notifications.database)
    found = [progress(admin, campaign) for campaign in (written, waiting)]
    assert [(each["done"], each["running"], sum(each["messages"].values())) for each in found] == [(2, 0, 2), (0, 2, 0)]
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=True):
        assert go_on(notifications.database)


def test_who_is_in_is_in_once_however_often_a_worker_is_killed(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin)
    start(admin, campaign)
    let_in(notifications.database)
    with notifications.database.transaction() as session:  # as if it had died before it noted how far it came
        session.execute(text("UPDATE campaigns SET cursor = NULL, entered_all = false"))
    work(notifications)
    with notifications.database.transaction() as session:  # and after it made messages, before it noted the step
        session.execute(text("UPDATE campaign_runs SET step = 0, state = 'running', due_at = now()"))
    work(notifications)
    found = progress(admin, campaign)
    assert (found["entered"], sum(found["messages"].values())) == (2, 2)


def test_a_paused_campaign_stands_still_and_goes_on_where_it_stood(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    campaign = plan(admin, steps=[SEND, SEND | {"title": "¿Vienes?"}])
    start(admin, campaign)
    let_in(notifications.database)
    assert admin.post(f"{ROOT}/{campaign['id']}/pause", version="*").json["state"] == "paused"
    assert not go_on(notifications.database)
    assert admin.patch(f"{ROOT}/{campaign['id']}", {"name": "Otra"}, version="*").status_code == 200
    assert admin.post(f"{ROOT}/{campaign['id']}/resume", version="*").status_code == 200
    assert go_on(notifications.database)
    again = admin.post(f"{ROOT}/{campaign['id']}/start", version="*")
    assert (again.status_code, again.json["code"]) == (409, "campaign_running")
    assert admin.patch(f"{ROOT}/{campaign['id']}", {"name": "x"}, version="*").status_code == 409


def test_who_was_passed_over_is_let_in_when_the_audience_grows(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin, audience={"branch_ids": [str(MADRID)]}, entry={"on": "daily", "rule": "birthday"})
    admin.patch(f"{ROOT}/{campaign['id']}", {"entry": {"on": "now"}}, version="*")
    start(admin, campaign)
    work(notifications)
    assert progress(admin, campaign)["entered"] == 1
    admin.post(f"{ROOT}/{campaign['id']}/pause", version="*")
    admin.patch(f"{ROOT}/{campaign['id']}", {"audience": {}}, version="*")
    admin.post(f"{ROOT}/{campaign['id']}/resume", version="*")
    work(notifications)
    found = progress(admin, campaign)
    assert (found["entered"], sum(found["messages"].values())) == (2, 2)


def test_an_event_that_is_told_late_lets_nobody_in(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin, entry={"on": "event", "event": "bookings.appointment.no_show.v1"})
    start(admin, campaign)
    with time_machine.travel(clock.now() - timedelta(days=2), tick=True):
        context = Context(actor="service:bookings", channel="api", correlation_id=str(new_id()))
        said = {**bookings.APPOINTMENT_NO_SHOW.example, "client_id": str(MARIA)}
        _, body = encode(bookings.APPOINTMENT_NO_SHOW, subject=new_id(), version=1, data=said, context=context)
    notifications.deliver_body(body)
    assert progress(admin, campaign)["entered"] == 0


def test_a_time_is_a_moment_in_whatever_zone_it_was_typed(notifications: ServiceUnderTest, admin: Caller) -> None:
    east = timezone(timedelta(hours=12))
    for minutes, entered in ((30, 0), (-30, 2)):
        at = (clock.now() + timedelta(minutes=minutes)).astimezone(east).isoformat()
        campaign = plan(admin, entry={"on": "at", "at": at})
        start(admin, campaign)
        work(notifications)
        assert progress(admin, campaign)["entered"] == entered


def test_a_birthday_lets_in_once_a_year(notifications: ServiceUnderTest, admin: Caller) -> None:
    born = {"id": str(MARIA), "birth_date": "1990-07-09", "preferred_branch_id": str(MADRID)}
    notifications.deliver(clients.CLIENT_UPDATED, born, subject=MARIA, version=20)
    with time_machine.travel("2027-07-08T10:00:00+02:00", tick=True):
        admin = of_campaigns(notifications)
        campaign = plan(admin, entry={"on": "daily", "rule": "birthday"})
        start(admin, campaign)
        work(notifications)
        assert progress(admin, campaign)["entered"] == 0
    for year, times in ((2027, 1), (2028, 2)):
        with time_machine.travel(f"{year}-07-09T10:00:00+02:00", tick=True):
            work(notifications)
            work(notifications)
            assert sum(progress(of_campaigns(notifications), campaign)["messages"].values()) == times


def test_an_event_lets_in_who_is_of_the_audience(notifications: ServiceUnderTest, admin: Caller) -> None:
    entry = {"on": "event", "event": "bookings.appointment.no_show.v1"}
    campaign = plan(admin, entry=entry, audience={"branch_ids": [str(MADRID)]})
    start(admin, campaign)
    for client_id in (MARIA, CARLOS):
        notifications.deliver(bookings.APPOINTMENT_NO_SHOW, {"client_id": str(client_id)})
    assert progress(admin, campaign)["entered"] == 1


@pytest.mark.parametrize(
    ("wrong", "way"),
    [
        ({"entry": {"on": "at"}}, ["entry", "at"]),
        ({"entry": {"on": "daily", "rule": "not_seen"}}, ["entry", "days"]),
        ({"steps": [SEND | {"title": ""}]}, ["steps", "0", "title"]),
        ({"steps": [SEND, {"do": "wait"}]}, ["steps", "1", "days"]),
        ({"steps": [SEND, {"do": "wait", "days": 2}]}, ["steps", "1", "do"]),
        ({"steps": [{"do": "until", "days": 2, "otherwise": "end"}, SEND]}, ["steps", "0", "event"]),
    ],
)
def test_what_is_missing_is_named(admin: Caller, wrong, way) -> None:
    answer = admin.post(ROOT, {"name": "x", "entry": {"on": "now"}, "steps": [SEND]} | wrong)
    assert answer.status_code == 422
    found = answer.json["errors"]
    for name in way:
        found = found[name]
    assert found
