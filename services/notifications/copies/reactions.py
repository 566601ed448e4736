"""Keeps the copies of clients, branches, employees and the menu."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.copies.models import Branch, Client, Employee, Membership, Plan, Service
from shared.contracts import clients, directory, memberships
from shared.copies import keep
from shared.db import run
from shared.errors import Retry
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

BRANCH = ("name", "country", "time_zone", "language", "active")
CLIENT = ("language", "preferred_branch_id", "archived")
NAMES = ("first_name", "middle_name", "last_name")
TAGS = """
    UPDATE clients SET tag_ids = %(tag_ids)s::uuid[], tags_version = %(version)s
    WHERE id = %(id)s AND tags_version <= %(version)s AND erased_at IS NULL
"""
PROFILE = (*NAMES, "phones", "emails", "address", "birth_date", "gender")


@reactions.on(clients.CLIENT_REGISTERED, clients.CLIENT_UPDATED, clients.CLIENT_STATED)
def keep_client(session: Session, event: Event) -> None:
    values = {name: event.data[name] for name in CLIENT}
    values["name"] = " ".join(filter(None, (event.data[part] for part in NAMES)))
    values["profile"] = {name: event.data[name] for name in PROFILE}
    keep(session, Client, event, values)
    said_nothing = "tag_ids" not in event.data  # by a release that knows no tags
    new_without_any = event.version == 1 and not event.data.get("tag_ids")
    if not said_nothing and not new_without_any:
        _keep_tags(session, event)


@reactions.on(clients.CLIENT_TAGS_CHANGED)
def keep_tags(session: Session, event: Event) -> None:
    """Raises Retry while the client is not known yet."""
    if session.get(Client, UUID(event.subject)) is None:
        raise Retry(f"client {event.subject} is not known yet")
    _keep_tags(session, event)


def _keep_tags(session: Session, event: Event) -> None:
    run(session, TAGS, {"id": event.subject, "version": event.version, "tag_ids": event.data["tag_ids"]})


@reactions.on(directory.BRANCH_ADDED, directory.BRANCH_CHANGED, directory.BRANCH_STATED)
def keep_branch(session: Session, event: Event) -> None:
    keep(session, Branch, event, {name: event.data[name] for name in BRANCH})


@reactions.on(directory.EMPLOYEE_ADDED, directory.EMPLOYEE_CHANGED, directory.EMPLOYEE_STATED)
def keep_employee(session: Session, event: Event) -> None:
    keep(session, Employee, event, {name: event.data[name] for name in ("name", "active")})


@reactions.on(directory.SERVICE_ADDED, directory.SERVICE_CHANGED, directory.SERVICE_STATED)
def keep_service(session: Session, event: Event) -> None:
    keep(session, Service, event, {name: event.data[name] for name in ("name", "category", "active")})


@reactions.on(memberships.PLAN_PUBLISHED, memberships.PLAN_STATED)
def keep_plan(session: Session, event: Event) -> None:
    keep(session, Plan, event, {"name": event.data["name"]})


@reactions.on(
    memberships.MEMBERSHIP_STARTED,
    memberships.MEMBERSHIP_PLAN_CHANGED,
    memberships.MEMBERSHIP_STATED,
)
def keep_membership(session: Session, event: Event) -> None:
    keep(session, Membership, event, {name: event.data[name] for name in ("client_id", "plan_id")})
