"""Events that let a client into a campaign, end it for them, or tell when they were last here."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.actions import wanted
from services.notifications.campaigns.models import Campaign, LastVisit
from services.notifications.campaigns.running import enter
from services.notifications.copies.models import Client
from shared import clock
from shared.contracts import bookings, clients, memberships
from shared.errors import Retry
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

LATE = timedelta(days=1)
STOP = text(
    "UPDATE campaign_runs SET state = 'stopped' WHERE client_id = :client AND state = 'running' AND campaign_id IN"
    " (SELECT id FROM campaigns WHERE stops @> '[\"booked\"]')"
)


@reactions.on(
    clients.CLIENT_REGISTERED,
    memberships.MEMBERSHIP_STARTED,
    memberships.MEMBERSHIP_CANCELLED,
    bookings.APPOINTMENT_COMPLETED,
    bookings.APPOINTMENT_NO_SHOW,
)
def let_in(session: Session, event: Event) -> None:
    """Into the campaigns that wait for such an event, where the client is of their audience.

    Not by what was imported, nor by what is told late: a welcome a week after is none.
    """
    if event.channel == "import" or event.time + LATE < clock.now():
        return
    waiting = select(Campaign).where(Campaign.state == "running", Campaign.entry["event"].astext == event.type)
    campaigns = list(session.scalars(waiting))
    client_id = UUID(event.data.get("client_id") or event.subject)
    if campaigns and session.get(Client, client_id) is None:
        raise Retry(f"client {client_id} is not known yet")
    for campaign in campaigns:
        if audience.is_in(session, wanted(session, campaign), client_id):
            enter(session, campaign, [client_id], clock.now())


@reactions.on(bookings.APPOINTMENT_BOOKED)
def stop(session: Session, event: Event) -> None:
    """Who books needs no more asking to come."""
    session.execute(STOP, {"client": UUID(event.data["client_id"])})


@reactions.on(bookings.APPOINTMENT_COMPLETED)
def remember_visit(session: Session, event: Event) -> None:
    at = datetime.fromisoformat(event.data["starts_at"])
    made = insert(LastVisit).values(client_id=UUID(event.data["client_id"]), at=at)
    later = made.on_conflict_do_update(
        index_elements=["client_id"], set_={"at": made.excluded.at}, where=LastVisit.at < made.excluded.at
    )
    session.execute(later)
