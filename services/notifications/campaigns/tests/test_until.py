"""Steps that wait until something happens to a client: on at once, or when the time is over, and never twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from services.notifications.campaigns.steps import DONE, LEFT, Place, after, arriving
from services.notifications.campaigns.tests.verbs import SEND, of_campaigns, plan, progress, start, work
from services.notifications.conftest import CARLOS, MADRID, MARIA
from shared import clock
from shared.actor import Context
from shared.contracts import bookings, clients, documents
from shared.events.envelope import encode
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest

UNTIL: dict[str, Any] = {"do": "until", "event": "bookings.appointment.completed.v1", "days": 5, "otherwise": "go_on"}
STEPS: list[dict[str, Any]] = [SEND, UNTIL, SEND | {"title": "¿Qué tal?"}]


@pytest.fixture
def admin(notifications: ServiceUnderTest) -> Caller:
    return of_campaigns(notifications)


def comes(notifications: ServiceUnderTest, client_id, **context) -> None:
    """The client was here; as told at this moment, unless a test travels."""
    said = {**bookings.APPOINTMENT_COMPLETED.example, "client_id": str(client_id)}
    who = Context(**{"actor": "service:bookings", "channel": "api", "correlation_id": str(new_id())} | context)
    _, body = encode(bookings.APPOINTMENT_COMPLETED, subject=new_id(), version=1, data=said, context=who)
    notifications.deliver_body(body)


def counts(notifications: ServiceUnderTest, campaign) -> tuple[int, int, int, int]:
    """Waiting, through, left, and messages made."""
    found = progress(of_campaigns(notifications), campaign)
    return found["waiting"], found["done"], found["left"], sum(found["messages"].values())


def test_who_does_what_is_waited_for_goes_on_at_once_and_the_others_when_the_time_is_over(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    campaign = plan(admin, steps=STEPS)
    start(admin, campaign)
    work(notifications)
    assert counts(notifications, campaign) == (2, 0, 0, 2)
    comes(notifications, MARIA)
    comes(notifications, MARIA)
    work(notifications)
    assert counts(notifications, campaign) == (1, 1, 0, 3)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=True):
        work(notifications)
        assert counts(notifications, campaign) == (1, 1, 0, 3)
    with time_machine.travel(clock.now() + timedelta(days=6), tick=True):
        work(notifications)
        assert counts(notifications, campaign) == (0, 2, 0, 4)


def test_it_may_end_for_whom_nothing_happens(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin, steps=[SEND, UNTIL | {"otherwise": "end"}, SEND])
    start(admin, campaign)
    work(notifications)
    comes(notifications, CARLOS)
    with time_machine.travel(clock.now() + timedelta(days=6), tick=True):
        work(notifications)
        assert counts(notifications, campaign) == (0, 1, 1, 3)


def test_another_event_moves_nobody(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin, steps=STEPS)
    start(admin, campaign)
    work(notifications)
    notifications.deliver(documents.FORM_COMPLETED, {"client_id": str(MARIA)})
    notifications.deliver(bookings.APPOINTMENT_BOOKED, {"client_id": str(MARIA)})
    assert counts(notifications, campaign) == (2, 0, 0, 2)


def test_what_is_told_late_or_imported_or_happened_before_moves_nobody(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    campaign = plan(admin, steps=STEPS)
    start(admin, campaign)
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=True):
        comes(notifications, MARIA)
    work(notifications)
    comes(notifications, MARIA, channel="import")
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=True):  # before we began to wait
        comes(notifications, MARIA)
    late = clock.now() + timedelta(days=3)
    with time_machine.travel(late - timedelta(hours=30), tick=True):
        said = {**bookings.APPOINTMENT_COMPLETED.example, "client_id": str(MARIA)}
        context = Context(actor="service:bookings", channel="api", correlation_id=str(new_id()))
        _, body = encode(bookings.APPOINTMENT_COMPLETED, subject=new_id(), version=1, data=said, context=context)
    with time_machine.travel(late, tick=True):
        notifications.deliver_body(body)
        assert counts(notifications, campaign) == (2, 0, 0, 2)


def test_what_happens_to_whom_a_client_has_become_counts(notifications: ServiceUnderTest, admin: Caller) -> None:
    campaign = plan(admin, steps=STEPS, audience={"branch_ids": [str(MADRID)]})
    start(admin, campaign)
    work(notifications)
    notifications.deliver(clients.CLIENT_MERGED, {"surviving_id": str(CARLOS)}, subject=MARIA, version=9)
    comes(notifications, CARLOS)
    work(notifications)
    assert counts(notifications, campaign) == (0, 1, 0, 2)


def test_a_step_that_was_changed_while_the_campaign_was_paused_is_waited_in_anew(
    notifications: ServiceUnderTest, admin: Caller
) -> None:
    campaign = plan(admin, steps=STEPS)
    start(admin, campaign)
    work(notifications)
    path = f"/api/v1/notifications/campaigns/{campaign['id']}"
    admin.post(f"{path}/pause", version="*")
    other = UNTIL | {"event": "documents.form.completed.v1"}
    assert admin.patch(path, {"steps": [SEND, other, SEND | {"title": "Gracias"}]}, version="*").status_code == 200
    comes(notifications, MARIA)
    admin.post(f"{path}/resume", version="*")
    work(notifications)
    assert counts(notifications, campaign) == (2, 0, 0, 2)
    notifications.deliver(documents.FORM_COMPLETED, {"client_id": str(MARIA)})
    work(notifications)
    assert counts(notifications, campaign) == (1, 1, 0, 3)


NOW = datetime.fromisoformat("2027-03-01T10:00:00+00:00")


@pytest.mark.parametrize(
    ("number", "waited", "place"),
    [
        (0, False, Place(1, NOW + timedelta(days=5), waits_for=UNTIL["event"])),
        (1, False, Place(1, NOW + timedelta(days=5), waits_for=UNTIL["event"])),
        (1, True, Place(2, NOW)),
        (2, False, Place(3, NOW, DONE)),
        (7, False, Place(7, NOW, DONE)),
    ],
)
def test_each_step_leads_to_the_next(number, waited, place) -> None:
    assert after(STEPS, number, NOW, waited=waited) == place


def test_in_vain_is_the_end_where_it_is_planned_so() -> None:
    steps = [UNTIL | {"otherwise": "end"}, SEND]
    assert after(steps, 0, NOW, waited=True) == Place(0, NOW, LEFT)
    assert arriving([{"do": "wait", "days": 2}, SEND], 0, NOW) == Place(1, NOW + timedelta(days=2))
