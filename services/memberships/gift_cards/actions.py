"""What people and the billing do with gift cards."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.dues.models import Due
from services.memberships.gift_cards.ledger import write
from services.memberships.gift_cards.models import GiftCard
from shared.contracts.memberships import GIFT_CARD_SOLD
from shared.errors import NotFound
from shared.rows import NOT_FOUND


def activate(session: Session, due: Due) -> None:
    """The card of a due of kind gift_card is paid, and can be used. Asked again, nothing happens."""
    assert due.gift_card_id
    card = locked(session, due.gift_card_id)
    if card.state == "awaits_payment":
        write(session, card, "sold", card.amount, GIFT_CARD_SOLD, branch_id=card.branch_id, state="active")


def locked(session: Session, gift_card_id: UUID) -> GiftCard:
    """The card, locked until the transaction ends. Raises NotFound."""
    card = session.get(GiftCard, gift_card_id, with_for_update=True, populate_existing=True)
    if card is None:
        raise NotFound(NOT_FOUND)
    return card
