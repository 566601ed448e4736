"""The HTTP door to the billing clock: what it found too late to charge without asking."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.memberships.billing import catching_up
from services.memberships.billing.models import CatchUp as Row
from services.memberships.billing.schemas import CatchUp, CatchUpQuery
from services.memberships.copies.models import Employee
from shared.api import Door, principal, reading, transaction
from shared.api.pages import newest, page_of

door = Door("billing", __name__, url_prefix="/api/v1/memberships/catch-ups", description="What waits for a word.")

NEEDS = "memberships.billing"
CATCH_UPS = select(
    *(column for column in Row.__table__.c if column.name != "confirmed_by"), Employee.name.label("confirmed_by")
).outerjoin(Employee, Employee.id == Row.confirmed_by)


@door.get("", needs=NEEDS)
@door.arguments(CatchUpQuery, location="query")
@door.response(200, page_of(CatchUp, "CatchUps"))
def catch_ups(query: dict[str, Any]) -> Any:
    """When the clock was off for longer than the policy allows, and what it would charge then; newest first."""
    statement = CATCH_UPS
    if state := query.get("state"):
        statement = statement.where(Row.state == state)
    with reading() as connection:
        return newest(connection, statement, Row.id, query)


@door.post("/<uuid:catch_up_id>/confirmation", needs=NEEDS, idempotent=True)
@door.response(200, CatchUp)
@door.doc(**{"x-problems": [409]})
def confirm(catch_up_id: UUID) -> Any:
    """The clock may charge what it has found: each period of its own day, one a day for each membership."""
    principal().must_everywhere(NEEDS)
    with transaction() as session:
        catching_up.confirm(session, catch_up_id)
        return session.execute(CATCH_UPS.where(Row.id == catch_up_id)).mappings().one()
