"""Events that let a client into a campaign, end it for them, or tell when they were last here."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience, happenings
from services.notifications.campaigns.actions import wanted
from services.notifications.campaigns.happenings import client_of
from services.notifications.campaigns.models import Campaign, LastVisit, Run
from services.notifications.campaigns.running import enter
from services.notifications.campaigns.steps import RUNNING, STOPPED, arriving, waits_since
from services.notifications.copies.models import Client
from shared import clock
from shared.contracts import bookings
from shared.db import run as run_statement
from shared.errors import Retry
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

LATE = timedelta(days=1)
WHO = select(Client.id).where(or_(Client.id == bindparam("client"), Client.merged_into == bindparam("client")))
"""The client, and those who have become this one: what they had begun goes on."""
THEIRS = f"""
    SELECT campaign_id, client_id FROM campaign_runs
    WHERE state = '{RUNNING}'
      AND client_id IN (SELECT id FROM clients WHERE id = %(client)s OR merged_into = %(client)s)
    FOR NO KEY UPDATE
"""
"""By the driver: it is asked with nearly every event, and nearly always there are none."""
STOP = (
    update(Run)
    .where(Run.state == RUNNING, Run.client_id.in_(WHO))
    .where(Run.campaign_id.in_(select(Campaign.id).where(Campaign.stops.contains(["booked"]))))
    .values(state=STOPPED)
    .execution_options(synchronize_session=False)
)


@reactions.on(*happenings.ENTRIES)
def let_in(session: Session, event: Event) -> None:
    """Into the campaigns that wait for such an event, where the client is of their audience.

    Not by what was imported, nor by what is told late: a welcome a week after is none.
    """
    if _comes_too_late(event):
        return
    waiting = select(Campaign).where(Campaign.state == "running", Campaign.entry["event"].astext == event.type)
    campaigns = list(session.scalars(waiting))
    client_id = client_of(event)
    if campaigns and session.get(Client, client_id) is None:
        raise Retry(f"client {client_id} is not known yet")
    for campaign in campaigns:
        if audience.is_in(session, wanted(session, campaign), client_id):
            enter(session, campaign, [client_id])


@reactions.on(*happenings.AWAITED)
def move_on(session: Session, event: Event) -> None:
    """Who waits for it goes on, unless it happened before they began to wait.

    All their runs are locked, since a worker may be taking one to the step that waits at this very moment.
    """
    if _comes_too_late(event):
        return
    for row in run_statement(session, THEIRS, {"client": client_of(event)}).fetchall():
        run = session.get_one(Run, tuple(row.values()), populate_existing=True)
        campaign = session.get_one(Campaign, run.campaign_id)
        if run.waits_for == event.type and waits_since(campaign.steps, run.step, run.due_at) <= event.time:
            place = arriving(campaign.steps, run.step + 1, clock.now())
            run.step, run.due_at, run.state, run.waits_for = place.step, place.due_at, place.state, place.waits_for


@reactions.on(bookings.APPOINTMENT_BOOKED)
def stop(session: Session, event: Event) -> None:
    """Who books needs no more asking to come."""
    session.execute(STOP, {"client": client_of(event)})


@reactions.on(bookings.APPOINTMENT_COMPLETED)
def remember_visit(session: Session, event: Event) -> None:
    at = datetime.fromisoformat(event.data["starts_at"])
    made = insert(LastVisit).values(client_id=client_of(event), at=at)
    later = made.on_conflict_do_update(
        index_elements=["client_id"], set_={"at": made.excluded.at}, where=LastVisit.at < made.excluded.at
    )
    session.execute(later)


def _comes_too_late(event: Event) -> bool:
    return event.channel == "import" or event.time + LATE < clock.now()
