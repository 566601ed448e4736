"""Adding services that were bought ahead, and taking them away."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Service
from services.memberships.credits.actions import NOTHING
from services.memberships.credits.changes import IN_THE_PAST
from services.memberships.credits.ledger import write
from services.memberships.credits.models import Credit
from shared import clock
from shared.contracts.memberships import CREDIT_CHANGED, CREDIT_ISSUED
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.words import Words

NO_SERVICE = Words("There is no such service on the menu.")
FEWER_LEFT = Words("Only {available} are left to remove.")


def add(session: Session, client_id: UUID, branch: Branch, given: dict[str, Any]) -> Credit:
    """Credits of a service that no membership earned. Raises Invalid for no service, or an expiry that is over."""
    if session.get(Service, given["service_id"]) is None:
        raise Invalid(NO_SERVICE, fields={"service_id": [NO_SERVICE.format()]})
    expires_on: date | None = given["expires_on"]
    if expires_on is not None and expires_on <= clock.today(branch.time_zone):
        raise Invalid(IN_THE_PAST, fields={"expires_on": [IN_THE_PAST.format()]})
    credit = Credit(
        id=new_id(),
        client_id=client_id,
        branch_id=branch.id,
        source="service_credit",
        service_id=given["service_id"],
        status="active",
        expires_on=expires_on,
        comment=given["comment"],
        issued_at=clock.now(),
        **NOTHING,
    )
    write(session, credit, "issued", given["quantity"], CREDIT_ISSUED, reason=given["comment"])
    return credit


def remove(session: Session, credit: Credit, quantity: int | None, comment: str) -> None:
    """Takes so many away of what is left, by default all. Raises Conflict when there are not as many."""
    quantity = credit.available if quantity is None else quantity
    if quantity > credit.available or credit.available == 0:
        raise Conflict(FEWER_LEFT, code="not_enough_credits", available=credit.available)
    status = credit.status if quantity < credit.available or credit.held else "withdrawn"
    write(session, credit, "removed", quantity, CREDIT_CHANGED, reason=comment, status=status)
