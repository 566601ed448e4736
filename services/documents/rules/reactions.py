"""The moments at which rules assign forms: a new client, a new membership, a booked service."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.rules.actions import apply
from services.documents.rules.models import FirstVisit
from shared.contracts import bookings, clients, memberships
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()


@reactions.on(clients.CLIENT_REGISTERED)
def of_a_new_client(session: Session, event: Event) -> None:
    """Who comes with an import is not new to the chain."""
    if event.channel != "import":
        branch_id = event.data["preferred_branch_id"]
        apply(session, "new_client", UUID(event.subject), UUID(branch_id) if branch_id else None)


@reactions.on(memberships.MEMBERSHIP_STARTED)
def of_a_new_membership(session: Session, event: Event) -> None:
    if event.channel != "import":
        client_id, branch_id = UUID(event.data["client_id"]), UUID(event.data["branch_id"])
        apply(session, "new_membership", client_id, branch_id, plan_id=UUID(event.data["plan_id"]))


@reactions.on(bookings.APPOINTMENT_BOOKED)
def of_a_booked_service(session: Session, event: Event) -> None:
    """It is due when the appointment begins."""
    if event.channel == "import":
        return
    data = event.data
    client_id, appointment_id = UUID(data["client_id"]), UUID(data["appointment_id"])
    first = insert(FirstVisit).values(client_id=client_id, appointment_id=appointment_id).on_conflict_do_nothing()
    session.execute(first)
    known = session.scalar(select(FirstVisit.appointment_id).where(FirstVisit.client_id == client_id))
    apply(
        session,
        "booked_service",
        client_id,
        UUID(data["branch_id"]),
        due_at=datetime.fromisoformat(data["starts_at"]),
        service_ids=[UUID(each["service_id"]) for each in data["services"]],
        is_first_visit=known == appointment_id,
    )
