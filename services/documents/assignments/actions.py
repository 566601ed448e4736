"""What people ask of us about a client's forms: assign, open, take back; and what time does to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.assignments.models import OPEN, Assignment, Reading
from services.documents.copies.models import Client
from services.documents.copies.served import must_be_served
from services.documents.filling.models import Handover
from services.documents.forms.models import Form
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, record
from shared.contracts.contract import Contract
from shared.contracts.documents import FORM_ASSIGNED, FORM_EXPIRED, FORM_OPENED, FORM_REMOVED
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, locked
from shared.words import Words

NO_FORM = Words("There is no such form, or it is not in use.")
IS_OPEN = Words("“{name}” is assigned to this client already.")
COMPLETED = Words("This form has been completed. What somebody has signed cannot be taken away.")
EXPIRED = Words("This form has been completed, and was good until its time was over. It cannot be taken away.")
REMOVED = Words("This form has been taken back.")


def assign(
    session: Session, client_id: UUID, form_ids: Sequence[UUID], branch_id: UUID | None, due_at: datetime | None
) -> list[Assignment]:
    """By hand: all of them or none.

    Raises NotFound for no client; Invalid for no form; Conflict for one that the client has open, and for a client who
    is archived.
    """
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NOT_FOUND)
    must_be_served(client)
    made = []
    for form_id in dict.fromkeys(form_ids):
        form = session.get(Form, form_id)
        if form is None or not form.active:
            raise Invalid(NO_FORM, fields={"form_ids": [NO_FORM.format()]})
        assignment = _assign(session, form, client_id, branch_id or client.preferred_branch_id, due_at, None)
        if assignment is None:
            raise Conflict(IS_OPEN.format(name=form.name), code="form_open")
        made.append(assignment)
    return made


def assign_unless_valid(
    session: Session, client_id: UUID, form_id: UUID, branch_id: UUID | None, *, due_at: datetime | None, rule_id: UUID
) -> Assignment | None:
    """By a rule: nothing that the client has open, or has completed and is still good; no form that is retired, and
    nothing to a client who is archived or merged."""
    form, client = session.get_one(Form, form_id), session.get(Client, client_id)
    still_good = select(func.count()).where(
        Assignment.client_id == client_id,
        Assignment.form_id == form_id,
        Assignment.state == "completed",
        or_(Assignment.valid_until.is_(None), Assignment.valid_until > clock.now()),
    )
    if not form.active or client is None or client.archived or session.scalar(still_good):
        return None
    return _assign(session, form, client_id, branch_id, due_at, rule_id)


def _assign(
    session: Session, form: Form, client_id: UUID, branch_id: UUID | None, due_at: datetime | None, rule_id: UUID | None
) -> Assignment | None:
    """None when the client has it open. Two that come at once meet at the index."""
    values = {
        "id": new_id(),
        "version": 1,
        "client_id": client_id,
        "branch_id": branch_id,
        "form_id": form.id,
        "number": form.number,
        "state": "assigned",
        "rule_id": rule_id,
        "due_at": due_at,
        "assigned_at": clock.now(),
        "assigned_by": current().actor,
        "answers": {},
    }
    made = insert(Assignment).values(values).on_conflict_do_nothing().returning(Assignment)
    assignment = session.scalars(made).one_or_none()
    if assignment is not None:
        noted(session, assignment, {"state": (None, "assigned")}, FORM_ASSIGNED)
    return assignment


def open_for_filling(session: Session, assignment: Assignment) -> None:
    """Somebody who is to fill it in looks at it."""
    if assignment.state == "assigned":
        assignment.state, assignment.opened_at = "opened", clock.now()
        changed(session, assignment, {"state": ("assigned", "opened")}, FORM_OPENED)


def remove(session: Session, assignment_id: UUID, expected: int | None) -> None:
    """Takes it back, with what was typed so far. Raises NotFound, Stale, Conflict for what was completed."""
    assignment = lock(session, assignment_id, expected)
    must_be_open(assignment)
    before, assignment.state, assignment.answers = assignment.state, "removed", {}
    session.execute(delete(Handover).where(Handover.assignment_id == assignment_id))
    changed(session, assignment, {"state": (before, "removed")}, FORM_REMOVED)


def take_back_all(session: Session, client_id: UUID) -> None:
    """Those that are open, of a client who was merged into another: nobody will sign in as them again."""
    opened = select(Assignment.id).where(Assignment.client_id == client_id, Assignment.state.in_(OPEN))
    for assignment_id in session.scalars(opened.order_by(Assignment.id)).all():
        remove(session, assignment_id, None)


def expire(session: Session, assignment: Assignment) -> None:
    """A completed one is no longer good."""
    assignment.state = "expired"
    changed(session, assignment, {"state": ("completed", "expired")}, FORM_EXPIRED)


def must_be_open(assignment: Assignment) -> None:
    """Raises Conflict with the reason, for one that nobody can fill in or take back any more."""
    reasons = {"completed": COMPLETED, "expired": EXPIRED, "removed": REMOVED}
    if assignment.state not in OPEN:
        raise Conflict(reasons[assignment.state], code=f"form_{assignment.state}")


def lock(session: Session, assignment_id: UUID, expected: int | None) -> Assignment:
    """Raises NotFound, Stale."""
    found = session.get(Assignment, assignment_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    about = found.client_id
    return locked(session, Assignment, assignment_id, expected, kind="form_assignment", names=names_of, about=about)


def read(session: Session, assignment_id: UUID, how: str) -> None:
    """Notes that somebody reads the answers."""
    context = current()
    row = {"how": how, "actor": context.actor, "channel": context.channel, "at": clock.now()}
    session.add(Reading(id=new_id(), assignment_id=assignment_id, **row))


def changed(
    session: Session, assignment: Assignment, changes: Changes, said: Contract, data: dict[str, Any] | None = None
) -> None:
    assignment.version += 1
    session.flush()
    noted(session, assignment, changes, said, data)


def noted(
    session: Session, assignment: Assignment, changes: Changes, said: Contract, data: dict[str, Any] | None = None
) -> None:
    form = session.get_one(Form, assignment.form_id)
    names = ("id", "client_id", "branch_id", "form_id", "number", "state", "due_at", "valid_until")
    state = {name: getattr(assignment, name) for name in names} | {"form_name": form.name, "form_names": form.names}
    record(
        session,
        about=assignment.client_id,
        kind="form_assignment",
        row_id=assignment.id,
        version=assignment.version,
        changes=changes,
        says=[Saying(said, state | (data or {}))],
    )
