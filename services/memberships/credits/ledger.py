"""The one way in which a lot of credits changes: its row, its movement, its audit and its event, together."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.credits.models import Credit, CreditMovement
from shared import clock
from shared.actor import current
from shared.audit import Saying, difference, record
from shared.contracts.contract import Contract
from shared.ids import new_id


def write(
    session: Session,
    credit: Credit,
    kind: str,
    quantity: int,
    said: Contract | None,
    *,
    hold_id: UUID | None = None,
    reason: str | None = None,
    **changed: Any,
) -> None:
    """Moves a quantity of a locked lot as `kind` says (`models.FLOWS`) and sets what else has `changed` of its row.

    Raises ValueError when there is not as much where it is taken from: callers have looked.
    """
    before = credit.state() if credit.version else {}
    credit.flow(kind, quantity)
    for name, value in changed.items():
        setattr(credit, name, value)
    credit.version += 1
    session.add(credit)
    session.flush()  # the movement names its row
    session.add(
        CreditMovement(
            id=new_id(),
            credit_id=credit.id,
            kind=kind,
            quantity=quantity,
            available=credit.available,
            hold_id=hold_id,
            reason=reason,
            actor=current().actor,
            at=clock.now(),
        )
    )
    session.flush()
    state = credit.state()
    data = state | ({"hold_id": hold_id, "moved": quantity} if hold_id else {})
    record(
        session,
        about=credit.client_id,
        kind="credit",
        row_id=credit.id,
        version=credit.version,
        changes=difference(before, state),
        says=[Saying(said, data)] if said else [],
        reason=reason,
    )
