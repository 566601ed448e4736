"""The one way in which a gift card changes: its row, its movement, its audit and its event, in few statements."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.gift_cards.models import GiftCard, GiftCardMovement
from shared import clock
from shared.actor import current
from shared.audit import Saying, difference, record
from shared.contracts.contract import Contract
from shared.ids import new_id


def write(
    session: Session,
    card: GiftCard,
    kind: str,
    amount: int,
    said: Contract,
    *,
    branch_id: UUID,
    reference: str | None = None,
    of_movement_id: UUID | None = None,
    reason: str | None = None,
    **changed: Any,
) -> GiftCardMovement:
    """Adds `amount` to a locked card (negative when it takes) and sets what else has `changed` of its row."""
    before = card.facts()
    card.balance += amount
    for name, value in changed.items():
        setattr(card, name, value)
    card.version += 1
    movement = GiftCardMovement(
        id=new_id(),
        gift_card_id=card.id,
        kind=kind,
        amount=amount,
        balance=card.balance,
        branch_id=branch_id,
        reference=reference,
        of_movement_id=of_movement_id,
        reason=reason,
        actor=current().actor,
        at=clock.now(),
    )
    session.add(movement)
    session.flush()
    after = card.facts()
    moved = {"movement_id": movement.id, "moved": amount, "moved_at_branch_id": branch_id}
    record(
        session,
        about=card.id,
        kind="gift_card",
        version=card.version,
        changes=difference(before, after),
        says=[Saying(said, after | moved)],
        reason=reason,
    )
    return movement
