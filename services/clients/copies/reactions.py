"""Keeps the copies of branches, employees and the menu."""

from sqlalchemy.orm import Session

from services.clients.copies.models import Branch, Employee, Service
from shared.contracts import directory
from shared.copies import keep
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

BRANCH = ("name", "country", "time_zone", "language", "weight_unit", "active")


@reactions.on(directory.BRANCH_ADDED, directory.BRANCH_CHANGED, directory.BRANCH_STATED)
def keep_branch(session: Session, event: Event) -> None:
    keep(session, Branch, event, {name: event.data[name] for name in BRANCH})


@reactions.on(directory.EMPLOYEE_ADDED, directory.EMPLOYEE_CHANGED, directory.EMPLOYEE_STATED)
def keep_employee(session: Session, event: Event) -> None:
    keep(session, Employee, event, {name: event.data[name] for name in ("name", "active")})


@reactions.on(directory.SERVICE_ADDED, directory.SERVICE_CHANGED, directory.SERVICE_STATED)
def keep_service(session: Session, event: Event) -> None:
    keep(session, Service, event, {name: event.data[name] for name in ("name", "active")})
