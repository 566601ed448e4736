"""States every gift card, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.memberships.gift_cards.models import STATE, GiftCard
from shared.contracts.memberships import GIFT_CARD_STATED
from shared.events.announce import Announcement, Stated


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    statement = select(GiftCard).order_by(GiftCard.id).limit(limit).with_for_update(read=True)
    if after:
        statement = statement.where(GiftCard.id > after)
    for card in session.scalars(statement):
        yield card.id, card.version, {name: getattr(card, name) for name in STATE}


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(GiftCard)) or 0


ANNOUNCEMENTS = [Announcement("gift_card", GIFT_CARD_STATED, page, count)]
