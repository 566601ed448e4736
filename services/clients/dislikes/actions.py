"""What people ask of us about dislikes."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.clients.copies.models import Service
from services.clients.dislikes.models import Dislike
from services.clients.profiles.client import Client
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.contracts.clients import DISLIKE_ADDED, DISLIKE_CHANGED, DISLIKE_REMOVED
from shared.contracts.contract import Contract
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, locked, refusing
from shared.words import Words

NO_SERVICE = Words("There is no such service on the menu.")
REFUSALS = {"uq_dislikes_client_id_service_id": ("service_id", Words("The client dislikes this service already."))}

Details = dict[str, Any]


def add(session: Session, client: Client, given: Details) -> Dislike:
    """A service that the client must not be booked for. Raises Invalid for no service, Conflict for a second time."""
    _check_service(session, given["service_id"])
    dislike = Dislike(
        id=new_id(),
        version=1,
        client_id=client["id"],
        created_at=clock.now(),
        created_by=current().actor_id,
        **given,
    )
    session.add(dislike)
    with refusing(REFUSALS):
        session.flush()
    _record(session, dislike, difference({}, dislike.details()), DISLIKE_ADDED)
    return dislike


def change(session: Session, client_id: UUID, dislike_id: UUID, given: Details, expected: int | None) -> Dislike:
    """Another service or comment. Raises NotFound, Stale, Invalid, Conflict."""
    dislike = _locked(session, client_id, dislike_id, expected)
    changes = difference(dislike.details(), given)
    if not changes:
        return dislike
    if "service_id" in changes:
        _check_service(session, given["service_id"])
    for name in changes:
        setattr(dislike, name, given[name])
    dislike.version += 1
    with refusing(REFUSALS):
        session.flush()
    _record(session, dislike, changes, DISLIKE_CHANGED)
    return dislike


def remove(session: Session, client_id: UUID, dislike_id: UUID, expected: int | None) -> None:
    """The client may be booked for it again. Raises NotFound, Stale."""
    dislike = _locked(session, client_id, dislike_id, expected)
    session.delete(dislike)
    dislike.version += 1
    changes = {name: (value, None) for name, value in dislike.details().items()}
    _record(session, dislike, changes, DISLIKE_REMOVED)


def _locked(session: Session, client_id: UUID, dislike_id: UUID, expected: int | None) -> Dislike:
    dislike = locked(session, Dislike, dislike_id, expected, kind="dislike", names=names_of, about=client_id)
    if dislike.client_id != client_id:
        raise NotFound(NOT_FOUND)
    return dislike


def _check_service(session: Session, service_id: UUID) -> None:
    if session.get(Service, service_id) is None:
        raise Invalid(NO_SERVICE, fields={"service_id": [NO_SERVICE.format()]})


def _record(session: Session, dislike: Dislike, changes: Changes, said: Contract) -> None:
    record(
        session,
        about=dislike.client_id,
        kind="dislike",
        row_id=dislike.id,
        version=dislike.version,
        changes=changes,
        says=[Saying(said, dislike.state())],
    )
