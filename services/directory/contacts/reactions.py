"""Keeps how each client can be reached. One statement per event: this is the house's busiest reaction."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.client_sign_in.sessions import end_sessions_of_who_left
from shared.contracts import clients
from shared.contracts.directory import ERASURE_COMPLETED
from shared.erasure import forget_bodies
from shared.events.envelope import Event
from shared.events.outbox import emit
from shared.events.reactions import Reactions

reactions = Reactions()

NAME = ("first_name", "middle_name", "last_name")
KEEP = text(
    """
    INSERT INTO client_contacts AS kept (client_id, version, phones, emails, language, name, state)
    VALUES (:client_id, :version, :phones, :emails, :language, :name, :state)
    ON CONFLICT (client_id) DO UPDATE SET
        version = excluded.version, phones = excluded.phones, emails = excluded.emails,
        language = excluded.language, name = excluded.name, state = excluded.state
    WHERE kept.version <= excluded.version AND kept.state <> 'erased'
    """
)
MARK = text(
    """
    INSERT INTO client_contacts AS kept (client_id, version, phones, emails, state)
    VALUES (:client_id, :version, '{}', '{}', :state)
    ON CONFLICT (client_id) DO UPDATE SET version = excluded.version, state = excluded.state
    WHERE kept.version < excluded.version AND kept.state <> 'erased'
    """
)
# The id stays, so that an event that comes late, or a replay, does not bring the person back.
ERASE = text(
    """
    INSERT INTO client_contacts (client_id, version, phones, emails, state)
    VALUES (:client_id, :version, '{}', '{}', 'erased')
    ON CONFLICT (client_id) DO UPDATE SET
        version = greatest(client_contacts.version, excluded.version),
        phones = '{}', emails = '{}', language = NULL, name = NULL, state = 'erased'
    """
)


@reactions.on(clients.CLIENT_REGISTERED, clients.CLIENT_UPDATED, clients.CLIENT_STATED)
def keep(session: Session, event: Event) -> None:
    """The newest state wins, in whatever order the events come; a statement of the same version fills what is new."""
    data = event.data
    session.execute(
        KEEP,
        {
            "client_id": UUID(event.subject),
            "version": event.version,
            "phones": [phone["number"] for phone in data["phones"]],
            "emails": [email["address"].casefold() for email in data["emails"]],
            "language": data.get("language"),
            "name": " ".join(filter(None, (data.get(part) for part in NAME))),
            "state": "archived" if data.get("archived") else "active",
        },
    )
    if data.get("archived"):
        end_sessions_of_who_left(session, UUID(event.subject))


@reactions.on(clients.CLIENT_ARCHIVED)
def archive(session: Session, event: Event) -> None:
    _mark(session, event, "archived")


@reactions.on(clients.CLIENT_MERGED)
def merge(session: Session, event: Event) -> None:
    """The surviving client's own events bring what they took over."""
    _mark(session, event, "merged")


@reactions.on(clients.CLIENT_ERASED)
def erase(session: Session, event: Event) -> None:
    """Forgets the person for good, and says so."""
    client_id = UUID(event.subject)
    session.execute(ERASE, {"client_id": client_id, "version": event.version})
    end_sessions_of_who_left(session, client_id)
    rows = 1 + forget_bodies(session, client_id)
    data = {"client_id": client_id, "service": "directory", "rows": rows}
    emit(session, ERASURE_COMPLETED, subject=client_id, version=event.version, data=data)


def _mark(session: Session, event: Event, state: str) -> None:
    session.execute(MARK, {"client_id": UUID(event.subject), "version": event.version, "state": state})
    end_sessions_of_who_left(session, UUID(event.subject))
