"""Which cards may be asked for a due, and the first attempts at many new ones."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.memberships.cards.models import Card
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.payments import limits
from services.memberships.payments.actions import asked
from services.memberships.payments.models import Attempt
from shared import clock
from shared.actor import current
from shared.ids import new_id


def cards_for(session: Session, due: Due) -> tuple[UUID | None, Sequence[UUID]]:
    """The card that pays the due's membership, and the payer's others that may be asked when it fails.

    Those that the banks' limits forbid for now are left out, and so are those at another account.
    """
    of_payer = (
        select(Card)
        .where(Card.client_id == due.payer_id, Card.account == due.policy["account"], Card.removed_at.is_(None))
        .order_by(Card.position, Card.id)
    )
    cards = session.scalars(of_payer).all()
    allowed = _allowed(session, [(due.id, card.id) for card in cards])
    cards = [card for card in cards if (due.id, card.id) in allowed]
    membership = session.get(Membership, due.membership_id) if due.membership_id else None
    own = next((card.id for card in cards if membership and card.id == membership.card_id), None)
    return own, [card.id for card in cards if card.for_others and card.id != own]


def choose(session: Session, dues: Sequence[tuple[Due, UUID]]) -> list[tuple[Due, Card]]:
    """Of new dues that are not written yet, those whose card may be asked: they count their first attempt."""
    ids = {card_id for _, card_id in dues}
    cards = {card.id: card for card in session.scalars(select(Card).where(Card.id.in_(ids)))} if ids else {}
    fitting = [(due, card) for due, card_id in dues if _fits(due, card := cards[card_id])]
    allowed = _allowed(session, [(due.id, card.id) for due, card in fitting])
    chosen = [(due, card) for due, card in fitting if (due.id, card.id) in allowed]
    for due, _ in chosen:
        due.attempts = 1
    return chosen


def begin_all(session: Session, chosen: Sequence[tuple[Due, Card]]) -> None:
    """Begins the first attempts, once the dues are written."""
    if chosen:
        session.execute(insert(Attempt), [_attempt(due, card) for due, card in chosen])


def _fits(due: Due, card: Card) -> bool:
    return card.removed_at is None and card.client_id == due.payer_id and card.account == due.policy["account"]


def _allowed(session: Session, pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    pairs = list(pairs)
    counts = asked(session, pairs) if pairs else {}
    return {pair for pair in pairs if limits.refusal(counts.get(pair, limits.NEVER_ASKED)) is None}


def _attempt(due: Due, card: Card) -> dict[str, Any]:
    now = clock.now()
    return dict(
        id=new_id(),
        due_id=due.id,
        number=1,
        card_id=card.id,
        account=card.account,
        amount=due.amount,
        currency=due.currency,
        state="written",
        actor=current().actor,
        created_at=now,
        look_at=now,
        looks=0,
    )
