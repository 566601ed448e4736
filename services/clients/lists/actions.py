"""What people ask of us about the chain's lists. Rows are retired and never removed: clients refer to them."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.clients.lists.models import INITIAL_STATUS, ReferralMethod, Status, Tag
from shared.audit import Saying, difference, record
from shared.contracts.clients import (
    REFERRAL_METHOD_ADDED,
    REFERRAL_METHOD_CHANGED,
    STATUS_ADDED,
    STATUS_CHANGED,
    TAG_ADDED,
    TAG_CHANGED,
)
from shared.contracts.contract import Contract
from shared.errors import Conflict
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked, refusing
from shared.words import Words

Row = TypeVar("Row", Status, ReferralMethod, Tag)
Details = dict[str, Any]

IN_USE = Words("New clients get this status, so it stays in use.")
REFUSALS = {
    "uq_statuses_name": ("name", Words("There is a status of this name.")),
    "uq_referral_methods_name": ("name", Words("There is a referral method of this name.")),
    "uq_tags_name": ("name", Words("There is a tag of this name.")),
}


def add_status(session: Session, given: Details) -> Status:
    """One more status. Raises Conflict when the name is taken."""
    return _add(session, Status(id=new_id(), version=1, **given), STATUS_ADDED)


def change_status(session: Session, status_id: UUID, given: Details, expected: int | None) -> Status:
    """Renames, recolours, moves, retires or revives. Raises NotFound, Stale, Conflict."""
    if status_id == INITIAL_STATUS and given.get("active") is False:
        raise Conflict(IN_USE, code="initial_status", fields={"active": [IN_USE.format()]})
    return _change(
        session, locked(session, Status, status_id, expected, kind="status", names=names_of), given, STATUS_CHANGED
    )


def add_referral_method(session: Session, given: Details) -> ReferralMethod:
    """One more way in which clients come. Raises Conflict when the name is taken."""
    return _add(session, ReferralMethod(id=new_id(), version=1, **given), REFERRAL_METHOD_ADDED)


def change_referral_method(session: Session, method_id: UUID, given: Details, expected: int | None) -> ReferralMethod:
    """Renames, moves, retires or revives. Raises NotFound, Stale, Conflict."""
    method = locked(session, ReferralMethod, method_id, expected, kind="referral_method", names=names_of)
    return _change(session, method, given, REFERRAL_METHOD_CHANGED)


def add_tag(session: Session, given: Details) -> Tag:
    """One more tag. Raises Conflict when the name is taken."""
    return _add(session, Tag(id=new_id(), version=1, **given), TAG_ADDED)


def change_tag(session: Session, tag_id: UUID, given: Details, expected: int | None) -> Tag:
    """Renames, recolours, moves, retires or revives. Raises NotFound, Stale, Conflict."""
    tag = locked(session, Tag, tag_id, expected, kind="tag", names=names_of)
    return _change(session, tag, given, TAG_CHANGED)


def _add(session: Session, row: Row, said: Contract) -> Row:
    session.add(row)
    with refusing(REFUSALS):
        session.flush()
    _record(session, row, difference({}, {name: getattr(row, name) for name in row.FIELDS}), said)
    return row


def _change(session: Session, row: Row, given: Details, said: Contract) -> Row:
    changes = difference({name: getattr(row, name) for name in row.FIELDS}, given)
    if not changes:
        return row
    for name in changes:
        setattr(row, name, given[name])
    row.version += 1
    with refusing(REFUSALS):
        session.flush()
    _record(session, row, changes, said)
    return row


def _record(session: Session, row: Row, changes: Any, said: Contract) -> None:
    says = [Saying(said, row.state())]
    record(session, about=row.id, kind=said.subject, version=row.version, changes=changes, says=says)
