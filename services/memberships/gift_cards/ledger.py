"""The one way in which a gift card changes: its row, its movement, its audit and its event, in three statements.

By the driver itself, since tills wait for each other on the card's lock: see `shared.db.run`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.gift_cards.models import STATE
from shared import clock
from shared.actor import current
from shared.audit import Saying, difference, record
from shared.contracts.contract import Contract
from shared.db import run
from shared.errors import NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND

Card = dict[str, Any]
"""A row of gift_cards, with the time zone of its branch."""
Movement = dict[str, Any]
"""A row of gift_card_movements."""

LOCK = """
    SELECT card.*, branch.time_zone FROM gift_cards card JOIN branches branch ON branch.id = card.branch_id
    WHERE card.id = %(id)s FOR UPDATE OF card
"""
# A cause that has moved the card before (a receipt, a reversal) leaves both tables as they are.
MOVE = """
    WITH movement AS (
        INSERT INTO gift_card_movements
            (id, gift_card_id, kind, amount, balance, branch_id, reference, of_movement_id, reason, actor, at)
        VALUES (%(id)s, %(gift_card_id)s, %(kind)s, %(amount)s, %(balance)s, %(branch_id)s, %(reference)s,
                %(of_movement_id)s, %(reason)s, %(actor)s, %(at)s)
        ON CONFLICT DO NOTHING RETURNING gift_card_id
    )
    UPDATE gift_cards SET version = %(version)s, balance = %(balance)s, state = %(state)s, expires_on = %(expires_on)s
    FROM movement WHERE gift_cards.id = movement.gift_card_id RETURNING gift_cards.id
"""


def lock(session: Session, gift_card_id: UUID) -> Card:
    """The card, locked until the transaction ends. Raises NotFound."""
    found = run(session, LOCK, {"id": gift_card_id}).fetchone()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def write(
    session: Session,
    card: Card,
    kind: str,
    amount: int,
    said: Contract,
    *,
    branch_id: UUID,
    reference: str | None = None,
    of_movement_id: UUID | None = None,
    reason: str | None = None,
    **changed: Any,
) -> Movement | None:
    """Adds `amount` to a locked card (negative when it takes) and sets its `state` or `expires_on` where given.

    None, and nothing done, when a redemption has the reference already, or the movement was reversed before. The card
    that was handed in is then as it was; otherwise it is as it is now.
    """
    before = {name: card[name] for name in STATE}
    after = card | changed | {"balance": card["balance"] + amount, "version": card["version"] + 1}
    movement: Movement = {
        "id": new_id(),
        "gift_card_id": card["id"],
        "kind": kind,
        "amount": amount,
        "balance": after["balance"],
        "branch_id": branch_id,
        "reference": reference,
        "of_movement_id": of_movement_id,
        "reason": reason,
        "actor": current().actor,
        "at": clock.now(),
    }
    values = movement | {name: after[name] for name in ("version", "state", "expires_on")}
    if run(session, MOVE, values).fetchone() is None:
        return None
    card.update(after)
    state = {name: card[name] for name in STATE}
    record(
        session,
        about=card["id"],
        kind="gift_card",
        version=card["version"],
        changes=difference(before, state),
        says=[Saying(said, state | {"movement_id": movement["id"], "moved": amount, "moved_at_branch_id": branch_id})],
        reason=reason,
    )
    return movement
