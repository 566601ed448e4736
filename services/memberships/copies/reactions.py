"""Keeps the copies of clients, branches, employees and the menu, and forgets a person who is erased."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Client, Employee, Service
from shared import leaving_clients
from shared.contracts import clients, directory
from shared.contracts.memberships import ERASURE_COMPLETED
from shared.copies import keep
from shared.erasure import forget_bodies
from shared.events.envelope import Event
from shared.events.outbox import emit
from shared.events.reactions import Reactions

reactions = Reactions()

BRANCH = ("name", "country", "time_zone", "currency", "language", "active")
CLIENT = ("language", "preferred_branch_id", "booking_blocked", "archived")

# The id stays, with a version that no later event of the client reaches, so that a replay brings nobody back.
ERASE = (
    text(
        "UPDATE clients SET name = '', language = NULL, preferred_branch_id = NULL, archived = true,"
        " version = 2147483647 WHERE id = :id"
    ),
    text("UPDATE memberships SET note = '' WHERE client_id = :id AND note <> ''"),
    text("UPDATE gift_cards SET holder_name = '' WHERE (buyer_id = :id OR holder_id = :id) AND holder_name <> ''"),
    text("UPDATE balance_movements SET description = '' WHERE client_id = :id"),
    text(
        "UPDATE audit SET reason = NULL, changes = '{}' WHERE about = :id"
        " OR about IN (SELECT memberships.id FROM memberships WHERE client_id = :id)"
    ),
)


@reactions.on(clients.CLIENT_REGISTERED, clients.CLIENT_UPDATED, clients.CLIENT_STATED)
def keep_client(session: Session, event: Event) -> None:
    names = (event.data[part] for part in ("first_name", "middle_name", "last_name"))
    values = {name: event.data[name] for name in CLIENT}
    keep(session, Client, event, {"name": " ".join(filter(None, names)), **values})


@reactions.on(clients.CLIENT_ARCHIVED)
def archive(session: Session, event: Event) -> None:
    """Nothing stops by itself; a warning shows, and nothing new begins."""
    leaving_clients.archive(session, Client, event)


@reactions.on(clients.CLIENT_MERGED)
def merge(session: Session, event: Event) -> None:
    """What a merged client owns stays theirs until somebody moves it."""
    leaving_clients.merge(session, Client, event)


@reactions.on(clients.CLIENT_ERASED)
def erase(session: Session, event: Event) -> None:
    """Forgets who the person was. What was paid stays, as the law asks, of somebody without a name."""
    client_id = UUID(event.subject)
    values = {"id": client_id, "version": event.version}
    rows = sum(session.execute(statement, values).rowcount for statement in ERASE)  # type: ignore[attr-defined]
    rows += forget_bodies(session, client_id)
    data = {"client_id": client_id, "service": "memberships", "rows": rows}
    emit(session, ERASURE_COMPLETED, subject=client_id, version=event.version, data=data)


@reactions.on(directory.BRANCH_ADDED, directory.BRANCH_CHANGED, directory.BRANCH_STATED)
def keep_branch(session: Session, event: Event) -> None:
    keep(session, Branch, event, {name: event.data[name] for name in BRANCH})


@reactions.on(directory.EMPLOYEE_ADDED, directory.EMPLOYEE_CHANGED, directory.EMPLOYEE_STATED)
def keep_employee(session: Session, event: Event) -> None:
    keep(session, Employee, event, {name: event.data[name] for name in ("name", "active")})


@reactions.on(directory.SERVICE_ADDED, directory.SERVICE_CHANGED, directory.SERVICE_STATED)
def keep_service(session: Session, event: Event) -> None:
    keep(session, Service, event, {name: event.data[name] for name in ("name", "category", "active")})
