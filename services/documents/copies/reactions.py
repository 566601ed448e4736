"""Keeps the copies of clients, branches, employees and the menu."""

from sqlalchemy.orm import Session

from services.documents.copies.models import Branch, Client, Employee, Service
from shared import leaving_clients
from shared.contracts import clients, directory
from shared.copies import keep
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

BRANCH = ("name", "country", "time_zone", "language", "active")
CLIENT = ("language", "preferred_branch_id", "archived")
NAMES = ("first_name", "middle_name", "last_name")
PROFILE = (*NAMES, "phones", "emails", "address", "birth_date", "gender")


@reactions.on(clients.CLIENT_REGISTERED, clients.CLIENT_UPDATED, clients.CLIENT_STATED)
def keep_client(session: Session, event: Event) -> None:
    values = {name: event.data[name] for name in CLIENT}
    values["name"] = " ".join(filter(None, (event.data[part] for part in NAMES)))
    values["profile"] = {name: event.data[name] for name in PROFILE}
    keep(session, Client, event, values)


@reactions.on(clients.CLIENT_ARCHIVED)
def archive(session: Session, event: Event) -> None:
    """What there is stays; nothing new comes, and no rule assigns them anything."""
    leaving_clients.archive(session, Client, event)


@reactions.on(directory.BRANCH_ADDED, directory.BRANCH_CHANGED, directory.BRANCH_STATED)
def keep_branch(session: Session, event: Event) -> None:
    keep(session, Branch, event, {name: event.data[name] for name in BRANCH})


@reactions.on(directory.EMPLOYEE_ADDED, directory.EMPLOYEE_CHANGED, directory.EMPLOYEE_STATED)
def keep_employee(session: Session, event: Event) -> None:
    keep(session, Employee, event, {name: event.data[name] for name in ("name", "active")})


@reactions.on(directory.SERVICE_ADDED, directory.SERVICE_CHANGED, directory.SERVICE_STATED)
def keep_service(session: Session, event: Event) -> None:
    keep(session, Service, event, {name: event.data[name] for name in ("name", "category", "active")})
