"""The HTTP door to account balances."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.memberships.balances import actions
from services.memberships.balances.models import Balance as Row
from services.memberships.balances.models import BalanceMovement as Movement
from services.memberships.balances.schemas import BalanceMovement, Balances, NewMovement
from services.memberships.copies.models import Branch
from services.memberships.named import branch_named, must_be_client
from shared.api import Door, principal, reading, transaction
from shared.api.pages import PageQuery, newest
from shared.errors import Invalid
from shared.people import actor_name
from shared.words import Words

door = Door(
    "balances", __name__, url_prefix="/api/v1/memberships/balances", description="What the chain owes a client."
)

READ, WRITE, OVERDRAW = "balances.read", "balances.write", "balances.overdraw"
ANOTHER_CURRENCY = Words("The branch takes {currency}.")
LOG = select(Movement.__table__, Branch.name.label("branch_name"), actor_name(Movement.actor)).outerjoin(
    Branch, Branch.id == Movement.branch_id
)


@door.get("/<uuid:client_id>", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, Balances)
def balances(query: dict[str, Any], client_id: UUID) -> Any:
    """The balance in each currency, and a page of what moved it, newest first."""
    with reading() as connection:
        must_be_client(connection, client_id)
        held = select(Row.currency, Row.amount).where(Row.client_id == client_id).order_by(Row.currency)
        found = connection.execute(held).mappings().all()
        moved = newest(connection, LOG.where(Movement.client_id == client_id), Movement.id, query)
    return {"client_id": client_id, "balances": found, **moved}


@door.post("/<uuid:client_id>/movements", needs=WRITE, idempotent=True)
@door.arguments(NewMovement)
@door.response(201, BalanceMovement)
@door.doc(**{"x-problems": [409]})
def adjust(given: dict[str, Any], client_id: UUID) -> Any:
    """Adds to the balance or subtracts from it by hand; below zero only with the permission `balances.overdraw`."""
    branch_id, sign = given["branch_id"], 1 if given["kind"] == "added" else -1
    with transaction() as session:
        must_be_client(session, client_id)
        branch = branch_named(session, branch_id, WRITE)
        if given["currency"] != branch.currency:
            said = ANOTHER_CURRENCY.format(currency=branch.currency)
            raise Invalid(ANOTHER_CURRENCY, fields={"currency": [said]}, currency=branch.currency)
        movement = actions.move(
            session,
            client_id,
            given["currency"],
            sign * given["amount"],
            kind=given["kind"],
            description=given["description"],
            branch_id=branch_id,
            reference=None,
            may_overdraw=principal().may(OVERDRAW, branch_id),
        )
        return session.execute(LOG.where(Movement.id == movement.id)).mappings().one(), 201
