"""The one way in which a lot of credits changes: its row, its movement, its audit and its event, together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.memberships.credits.models import Credit, CreditMovement
from shared import clock
from shared.actor import current
from shared.audit import Record, Saying, difference, record_all
from shared.contracts.contract import Contract
from shared.ids import new_id


@dataclass(frozen=True)
class Move:
    """A quantity of a locked lot that moves as `kind` says (`models.FLOWS`), and what else of its row changes."""

    credit: Credit
    kind: str
    quantity: int
    said: Contract | None
    hold_id: UUID | None = None
    reason: str | None = None
    changed: dict[str, Any] = field(default_factory=dict)


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
    """Makes one move. Raises ValueError when there is not as much where it is taken from: callers have looked."""
    write_all(session, [Move(credit, kind, quantity, said, hold_id, reason, changed)])


def write_all(session: Session, moves: Sequence[Move]) -> None:
    """Makes moves, each of a lot of its own, in as many statements as for one. Raises ValueError likewise."""
    if not moves:
        return
    records = [_flow(move) for move in moves]
    session.add_all(move.credit for move in moves)
    session.flush()  # the movements name their rows
    session.execute(insert(CreditMovement), [_movement(move) for move in moves])
    record_all(session, records)


def _flow(move: Move) -> Record:
    credit = move.credit
    before = credit.state() if credit.version else {}
    credit.flow(move.kind, move.quantity)
    for name, value in move.changed.items():
        setattr(credit, name, value)
    credit.version += 1
    state = credit.state()
    data = state | ({"hold_id": move.hold_id, "moved": move.quantity} if move.hold_id else {})
    says = [Saying(move.said, data)] if move.said else []
    changes = difference(before, state)
    return Record(credit.client_id, "credit", credit.id, credit.version, changes, says, move.reason)


def _movement(move: Move) -> dict[str, Any]:
    return dict(
        id=new_id(),
        credit_id=move.credit.id,
        kind=move.kind,
        quantity=move.quantity,
        available=move.credit.available,
        hold_id=move.hold_id,
        reason=move.reason,
        actor=current().actor,
        at=clock.now(),
    )
