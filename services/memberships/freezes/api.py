"""The HTTP door to freezes."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.memberships.copies.models import Employee
from services.memberships.freezes import actions
from services.memberships.freezes.models import Freeze as Row
from services.memberships.freezes.schemas import Freeze
from services.memberships.memberships import rows
from services.memberships.quotes.api import take
from services.memberships.quotes.schemas import NamesAQuote
from shared.api import Door, transaction
from shared.api.pages import PageQuery, newest, page_of

door = Door("freezes", __name__, url_prefix="/api/v1/memberships", description="Memberships that pause for a while.")

NEEDS = "memberships.freeze"
FREEZES = select(
    *(column for column in Row.__table__.c if column.name != "created_by"), Employee.name.label("created_by")
).outerjoin(Employee, Employee.id == Row.created_by)


@door.get("/<uuid:membership_id>/freezes", needs=rows.READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Freeze, "Freezes"))
def freezes(query: dict[str, Any], membership_id: UUID) -> Any:
    """The freezes of a membership, the latest first."""
    with transaction() as session:
        rows.seen(session, membership_id)
        return newest(session, FREEZES.where(Row.membership_id == membership_id), Row.id, query)


@door.post("/<uuid:membership_id>/freeze", needs=NEEDS, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(201, Freeze)
@door.doc(**{"x-problems": [409]})
def freeze(given: dict[str, Any], membership_id: UUID) -> Any:
    """Freezes as a quote of the act `freeze` has shown; one that begins today has begun."""
    with transaction() as session:
        rows.seen(session, membership_id)
        row = actions.plan(session, take(session, given["quote_id"], "freeze", membership_id))
        return _shown(session, row), 201


@door.post("/<uuid:membership_id>/freeze-end", needs=NEEDS, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(200, Freeze)
@door.doc(**{"x-problems": [409]})
def end(given: dict[str, Any], membership_id: UUID) -> Any:
    """Ends a freeze as a quote of the act `unfreeze` has shown; one that has not begun is withdrawn."""
    with transaction() as session:
        rows.seen(session, membership_id)
        row = actions.end_early(session, take(session, given["quote_id"], "unfreeze", membership_id))
        return _shown(session, row)


def _shown(session: Any, row: Row) -> Any:
    session.flush()
    return session.execute(FREEZES.where(Row.id == row.id)).mappings().one()
