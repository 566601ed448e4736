"""What becomes of a client's forms when they turn out to be another client twice."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.assignments.actions import take_back_all
from services.documents.copies.models import Client
from shared import leaving_clients
from shared.contracts import clients
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()


@reactions.on(clients.CLIENT_MERGED)
def merge(session: Session, event: Event) -> None:
    """What they have signed stays theirs until somebody moves it; what is open is taken back."""
    leaving_clients.merge(session, Client, event)
    take_back_all(session, UUID(event.subject))
