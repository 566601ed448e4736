"""The HTTP door to credits and their holds."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.credits import changes, holds, listing
from services.memberships.credits.listing import Credits
from services.memberships.credits.models import Credit as Row
from services.memberships.credits.models import CreditHold
from services.memberships.credits.models import CreditMovement as Movement
from services.memberships.credits.schemas import Credit, CreditChange, CreditMovement, CreditsOfClient, Hold, NewHold
from services.memberships.memberships.models import Membership
from services.memberships.named import branch_named, client_named
from shared.api import Door, principal, reading, transaction
from shared.api.pages import PageQuery, oldest, page_of
from shared.api.sight import must_see
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.people import actor_name, names_of
from shared.rows import NOT_FOUND, locked

door = Door(
    "credits", __name__, url_prefix="/api/v1/memberships", description="Services that are paid for already (P22)."
)

READ, WRITE, USE = "memberships.read", "memberships.credits.write", "memberships.credits.use"
MOVEMENTS = select(Movement.__table__, CreditHold.reference, actor_name(Movement.actor)).outerjoin(
    CreditHold, CreditHold.id == Movement.hold_id
)


@door.get("/<uuid:membership_id>/credits", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, Credits)
def of_a_membership(query: dict[str, Any], membership_id: UUID) -> Any:
    """All credits that the membership earned, in the order in which it did."""
    with reading() as connection:
        branch_id = connection.execute(select(Membership.branch_id).where(Membership.id == membership_id)).scalar()
        if branch_id is None:
            raise NotFound(NOT_FOUND)
        must_see(READ, branch_id)
        return listing.credits(connection, query, Row.membership_id == membership_id)


@door.get("/credits", needs=READ)
@door.arguments(CreditsOfClient, location="query")
@door.response(200, Credits)
@door.doc(**{"x-problems": [404]})
def of_a_client(query: dict[str, Any]) -> Any:
    """All credits of a client, of memberships and bought ahead, in the order in which they came."""
    with reading() as connection:
        return listing.of_a_client(connection, query, READ)


@door.get("/credits/<uuid:credit_id>", needs=READ)
@door.response(200, Credit)
def show(credit_id: UUID) -> Any:
    """A lot of credits."""
    with reading() as connection:
        shown = listing.one(connection, credit_id)
    must_see(READ, shown["branch_id"])
    return tagged(shown["version"], shown)


@door.patch("/credits/<uuid:credit_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(CreditChange)
@door.response(200, Credit)
def change(given: dict[str, Any], credit_id: UUID) -> Any:
    """Changes the status or the expiry, with a reason."""
    expected = expected_version()
    with transaction() as session:
        credit = lock(session, credit_id, expected)
        changes.change(session, credit, given)
        return tagged(credit.version, listing.one(session, credit_id))


@door.get("/credits/<uuid:credit_id>/movements", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(CreditMovement, "CreditMovements"))
def movements(query: dict[str, Any], credit_id: UUID) -> Any:
    """All that happened to it, oldest first; the quantities add up to what it shows."""
    with reading() as connection:
        must_see(READ, listing.one(connection, credit_id)["branch_id"])
        return oldest(connection, MOVEMENTS.where(Movement.credit_id == credit_id), Movement.id, query)


@door.post("/credits/holds", needs=USE)
@door.arguments(NewHold)
@door.response(201, Hold)
@door.alt_response(200, schema=Hold, description="the reference has this hold already")
@door.doc(**{"x-problems": [409]})
def hold(given: dict[str, Any]) -> Any:
    """Keeps credits back for an appointment, soonest expiring first; all of the quantity or nothing."""
    asked = holds.Asked(**given)
    with transaction() as session:
        client_named(session, asked.client_id)
        if asked.branch_id:
            branch_named(session, asked.branch_id, USE)
        made, fresh = holds.hold(session, asked)
        principal().must(USE, made.branch_id)
        return tagged(made.version, made, 201 if fresh else 200)


@door.get("/credits/holds/<uuid:hold_id>", needs=READ)
@door.response(200, Hold)
def show_hold(hold_id: UUID) -> Any:
    """A hold."""
    with reading() as connection:
        found = connection.execute(select(CreditHold.__table__).where(CreditHold.id == hold_id)).mappings().first()
    if found is None:
        raise NotFound(NOT_FOUND)
    must_see(READ, found["branch_id"])
    return tagged(found["version"], found)


@door.post("/credits/holds/<uuid:hold_id>/use", needs=USE)
@door.response(200, Hold)
@door.doc(**{"x-problems": [409]})
def use(hold_id: UUID) -> Any:
    """The appointment took place: the credits are used. Asked again, nothing happens."""
    with transaction() as session:
        held = _lock_hold(session, hold_id)
        holds.use(session, held)
        return tagged(held.version, held)


@door.post("/credits/holds/<uuid:hold_id>/release", needs=USE)
@door.response(200, Hold)
@door.doc(**{"x-problems": [409]})
def release(hold_id: UUID) -> Any:
    """It did not take place: the credits are free again, for some days more if they have expired meanwhile."""
    with transaction() as session:
        held = _lock_hold(session, hold_id)
        holds.release(session, held)
        return tagged(held.version, held)


def lock(session: Session, credit_id: UUID, expected: int | None) -> Row:
    """The lot, locked for a change by staff. Raises NotFound, Stale."""
    found = session.execute(select(Row.branch_id, Row.client_id).where(Row.id == credit_id)).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    must_see(WRITE, found.branch_id)
    return locked(session, Row, credit_id, expected, kind="credit", names=names_of, about=found.client_id)


def _lock_hold(session: Session, hold_id: UUID) -> CreditHold:
    held = holds.locked(session, hold_id)
    must_see(USE, held.branch_id)
    return held
