"""What moves a client's account balance: by hand, as a tender, or by what the system owes the client."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.balances.models import Balance, BalanceMovement
from shared import clock
from shared.actor import current
from shared.audit import Saying, record
from shared.contracts.memberships import BALANCE_ADJUSTED
from shared.errors import Conflict
from shared.ids import new_id
from shared.words import Words

TOO_LITTLE = Words("The account balance does not reach that far.")
ANOTHER_AMOUNT = Words("This was booked on the account balance already, with another amount.")


def move(
    session: Session,
    client_id: UUID,
    currency: str,
    amount: int,
    *,
    kind: str,
    description: str,
    branch_id: UUID,
    reference: str | None,
    may_overdraw: bool = False,
) -> BalanceMovement:
    """Adds `amount` in minor units to the balance, or takes it when it is negative; the balance stays locked.

    A `reference` names the cause, which moves once for its kind: asked again, it answers the movement that was made.
    Raises Conflict when the balance would go below zero, or when the cause was another amount.
    """
    balance = _locked(session, client_id, currency)
    if reference is not None and (made := _made(session, balance, kind, reference)) is not None:
        if made.amount != amount:
            raise Conflict(ANOTHER_AMOUNT, code="reference_used")
        return made
    after = balance.amount + amount
    if after < 0 and amount < 0 and not may_overdraw:
        raise Conflict(TOO_LITTLE, code="balance_too_small", balance=balance.amount)
    movement = BalanceMovement(
        id=new_id(),
        client_id=client_id,
        currency=currency,
        kind=kind,
        amount=amount,
        balance=after,
        description=description,
        branch_id=branch_id,
        reference=reference,
        actor=current().actor,
        at=clock.now(),
    )
    session.add(movement)
    _write(session, balance, movement)
    return movement


def _locked(session: Session, client_id: UUID, currency: str) -> Balance:
    """The balance, made where there was none, and locked until the transaction ends."""
    wanted = select(Balance).where(Balance.client_id == client_id, Balance.currency == currency)
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    if (found := session.scalar(wanted)) is None:
        empty: dict[str, Any] = {"id": new_id(), "client_id": client_id, "currency": currency, "version": 0}
        session.execute(insert(Balance).values(**empty, amount=0).on_conflict_do_nothing())
        found = session.scalars(wanted).one()
    return found


def _made(session: Session, balance: Balance, kind: str, reference: str) -> BalanceMovement | None:
    return session.scalar(
        select(BalanceMovement).where(
            BalanceMovement.client_id == balance.client_id,
            BalanceMovement.currency == balance.currency,
            BalanceMovement.kind == kind,
            BalanceMovement.reference == reference,
        )
    )


def _write(session: Session, balance: Balance, movement: BalanceMovement) -> None:
    before, balance.amount = balance.amount, movement.balance
    balance.version += 1
    session.flush()
    said = {
        "id": balance.id,
        "client_id": balance.client_id,
        "movement_id": movement.id,
        "kind": movement.kind,
        "moved": movement.amount,
        "balance": movement.balance,
        "currency": balance.currency,
        "branch_id": movement.branch_id,
    }
    record(
        session,
        about=balance.client_id,
        kind="balance",
        row_id=balance.id,
        version=balance.version,
        changes={"amount": (before, balance.amount)},
        says=[Saying(BALANCE_ADJUSTED, said)],
        reason=movement.description,
    )
