"""The HTTP door to what is owed, and to what the desk does about it."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Client
from services.memberships.dues import actions
from services.memberships.dues.models import Due as Row
from services.memberships.dues.schemas import Due, DueQuery, Dues, Settlement, WriteOff
from services.memberships.invoices.models import Invoice
from services.memberships.memberships.models import Membership
from shared.api import Door, principal, reading, transaction
from shared.api.pages import newest
from shared.api.sight import branches_of, must_see
from shared.api.versions import tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door("dues", __name__, url_prefix="/api/v1/memberships", description="What is owed, and how the desk closes it.")

READ, SETTLE, WRITE_OFF = "memberships.read", "memberships.settle", "memberships.write_off"
DUES = (
    select(
        *(column for column in Row.__table__.c if column.name not in ("policy", "plan_id", "terms_number")),
        Invoice.id.label("invoice_id"),
        Client.name.label("client_name"),
    )
    .outerjoin(Invoice, and_(Invoice.due_id == Row.id, Invoice.kind == "invoice"))
    .outerjoin(Client, Client.id == Row.client_id)
)


@door.get("/dues", needs=READ)
@door.arguments(DueQuery, location="query")
@door.response(200, Dues)
def dues(query: dict[str, Any]) -> Any:
    """What is and was owed, newest first: of a membership, a client or a branch, and in a state."""
    statement = DUES
    for name in ("membership_id", "client_id", "branch_id", "state"):
        if name in query:
            statement = statement.where(Row.__table__.c[name] == query[name])
    if (branches := branches_of(READ)) is not None:
        statement = statement.where(Row.branch_id.in_(branches))
    with reading() as connection:
        return newest(connection, statement, Row.id, query)


@door.get("/dues/<uuid:due_id>", needs=READ)
@door.response(200, Due)
def show(due_id: UUID) -> Any:
    """One of them."""
    with reading() as connection:
        found = connection.execute(DUES.where(Row.id == due_id)).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    must_see(READ, found["branch_id"])
    return tagged(found["version"], found)


@door.post("/dues/<uuid:due_id>/settlements", needs=SETTLE, idempotent=True)
@door.arguments(Settlement)
@door.response(201, Due)
@door.doc(**{"x-problems": [409]})
def settle(given: dict[str, Any], due_id: UUID) -> Any:
    """Closes what is owed by what the desk took. Trying again by itself ends, and a period's credits are issued."""
    with transaction() as session:
        due = _locked(session, due_id, SETTLE)
        actions.settle(session, due, **given)
        return _shown(session, due, 201)


@door.post("/<uuid:membership_id>/periods/<int:number>/settlements", needs=SETTLE, idempotent=True)
@door.arguments(Settlement)
@door.response(201, Due)
@door.doc(**{"x-problems": [409]})
def settle_period(given: dict[str, Any], membership_id: UUID, number: int) -> Any:
    """The same of a period of a membership."""
    with transaction() as session:
        due = _locked(session, _of_period(session, membership_id, number), SETTLE)
        actions.settle(session, due, **given)
        return _shown(session, due, 201)


@door.post("/dues/<uuid:due_id>/write-off", needs=WRITE_OFF, idempotent=True)
@door.arguments(WriteOff)
@door.response(201, Due)
@door.doc(**{"x-problems": [409]})
def write_off(given: dict[str, Any], due_id: UUID) -> Any:
    """Gives up what is owed: nothing is asked any more, and nothing is issued for it."""
    with transaction() as session:
        due = _locked(session, due_id, WRITE_OFF)
        actions.write_off(session, due, given["reason"])
        return _shown(session, due, 201)


@door.post("/<uuid:membership_id>/periods/<int:number>/write-off", needs=WRITE_OFF, idempotent=True)
@door.arguments(WriteOff)
@door.response(201, Due)
@door.doc(**{"x-problems": [409]})
def write_off_period(given: dict[str, Any], membership_id: UUID, number: int) -> Any:
    """The same of a period of a membership."""
    with transaction() as session:
        due = _locked(session, _of_period(session, membership_id, number), WRITE_OFF)
        actions.write_off(session, due, given["reason"])
        return _shown(session, due, 201)


def _of_period(session: Session, membership_id: UUID, number: int) -> UUID:
    of_period = select(Row.id).where(Row.membership_id == membership_id, Row.number == number)
    found = session.scalar(of_period) if number < 2**31 else None
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _locked(session: Session, due_id: UUID, permission: str) -> Row:
    """The due, with its membership locked first, as by everyone. Raises NotFound, Forbidden."""
    due = session.get(Row, due_id)
    if due is None:
        raise NotFound(NOT_FOUND)
    must_see(READ, due.branch_id)
    principal().must(permission, due.branch_id)
    if due.membership_id:
        session.get(Membership, due.membership_id, with_for_update=True, populate_existing=True)
    return session.get_one(Row, due_id, with_for_update=True, populate_existing=True)


def _shown(session: Session, due: Row, status: int) -> Any:
    return tagged(due.version, session.execute(DUES.where(Row.id == due.id)).mappings().one(), status)
