"""What people, gateways and the calendar ask of us about cards on file. A card is charged elsewhere.

Locks: memberships first, then who the client is to the gateway, then the client's cards.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.cards.waiting import needed_by, unpaid, waiting
from services.memberships.gateways.port import SavedCard
from services.memberships.memberships.actions import edit, lock
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.contracts.contract import Contract
from shared.contracts.memberships import CARD_ADDED, CARD_REMOVED, CARD_UPDATED
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, locked, refusing
from shared.words import Words

OF_ANOTHER = Words("This card belongs to another client.")
NO_REPLACEMENT = Words("The client has no such card here.")
NEEDED = Words("This card is needed. Choose another card of the client in its place first.")
ON_ITS_WAY = Words("A payment with this card is on its way. Wait for its outcome.")
REFUSALS = {"uq_cards_account_token": ("setup", Words("This card is on file already."))}

NETWORK = ("brand", "last_four", "exp_month", "exp_year")
"""What the card network may change."""

Details = dict[str, Any]


@dataclass(frozen=True)
class Agreed:
    """The text that the client agreed to, in the words that they read."""

    agreement: str
    agreement_version: str
    for_others: bool
    """Whether this card is tried when another one of theirs fails."""


def keep_customer(session: Session, client_id: UUID, account: str, token: str) -> None:
    """What the gateway calls the client. The first answer stays."""
    values = {"client_id": client_id, "account": account, "token": token}
    session.execute(insert(GatewayCustomer).values(values).on_conflict_do_nothing())


def add(
    session: Session, client_id: UUID, account: str, saved: SavedCard, agreed: Agreed, *, default: bool
) -> tuple[Card, list[Details]]:
    """The card on file, and what it is charged for at once. One that is there already is answered as it is.

    The memberships that wait for a card take it. Raises Conflict for a card of another client.
    """
    wait = waiting(session, client_id, account)
    for membership_id in wait:
        lock(session, membership_id, None)
    session.get_one(GatewayCustomer, (client_id, account), with_for_update=True)
    if there := session.scalar(select(Card).where(Card.account == account, Card.token == saved.token)):
        return _same_client(there, client_id), []
    others = _locked_cards(session, client_id)
    card = _new(client_id, account, saved, agreed, position=max((other.position for other in others), default=0) + 1)
    of_account = [other for other in others if other.account == account]
    card.is_default = default or not of_account
    if card.is_default:
        _lose_default(session, of_account)
    session.add(card)
    with refusing(REFUSALS):
        session.flush()
    _record(session, card, difference({}, card.details()), CARD_ADDED)
    charges = unpaid(session, wait)
    for membership_id in wait:
        edit(session, lock(session, membership_id, None), {"card_id": card.id})
    return card, charges


def change(session: Session, card_id: UUID, given: Details, expected: int | None) -> Card:
    """Another place, the default, or whether it helps out. Raises NotFound, Stale, Invalid."""
    card = _locked(session, card_id, expected)
    if given.get("is_default") is False and card.is_default:
        words = Words("Make another card the default one instead.")
        raise Invalid(words, fields={"is_default": [words.format()]})
    if given.get("is_default"):
        others = _locked_cards(session, card.client_id)
        _lose_default(session, [other for other in others if other.account == card.account and other.id != card.id])
    return _changed(session, card, given)


def remove(session: Session, card_id: UUID, replacement_id: UUID | None, expected: int | None) -> None:
    """The card is no longer on file; a worker tells the gateway to forget it.

    What needs it takes the replacement, and is charged to it at once if it is unpaid. Raises NotFound, Stale, Invalid;
    Conflict with `needed_by` and `replacements` without one, and while a payment with it is on its way.
    """
    users = _lock_users(session, card_id)
    card = _locked(session, card_id, expected)
    needs = needed_by(session, card_id)
    if any(need["kind"] == "attempt" for need in needs):
        raise Conflict(ON_ITS_WAY, code="payment_on_its_way", needed_by=needs)
    others = [other for other in _locked_cards(session, card.client_id) if _may_replace(other, card)]
    if needs and replacement_id is None:
        raise Conflict(NEEDED, code="card_needed", needed_by=needs, replacements=[other.state() for other in others])
    if replacement_id and replacement_id not in {other.id for other in others}:
        raise Invalid(NO_REPLACEMENT, fields={"replacement": [NO_REPLACEMENT.format()]})
    card.removed_at = clock.now()
    card.version += 1
    session.flush()
    _record(session, card, {name: (value, None) for name, value in card.details().items()}, CARD_REMOVED)
    if replacement_id:
        _replace(session, users, replacement_id)
    if card.is_default and others:
        heir = next((other for other in others if other.id == replacement_id), others[0])
        _changed(session, heir, {"is_default": True})


def renewed(session: Session, account: str, token: str, saved: SavedCard) -> None:
    """As the network has it now. A card that we do not know, or no longer, is none of our business."""
    card = session.scalar(
        select(Card).where(Card.account == account, Card.token == token, Card.removed_at.is_(None)).with_for_update()
    )
    if card is not None:
        now = asdict(saved)
        _changed(session, card, {name: now[name] for name in NETWORK})


def _new(client_id: UUID, account: str, saved: SavedCard, agreed: Agreed, *, position: int) -> Card:
    return Card(
        id=new_id(),
        version=1,
        client_id=client_id,
        account=account,
        token=saved.token,
        brand=saved.brand,
        last_four=saved.last_four,
        exp_month=saved.exp_month,
        exp_year=saved.exp_year,
        position=position,
        agreed_at=clock.now(),
        added_by=current().actor,
        **asdict(agreed),
    )


def _same_client(card: Card, client_id: UUID) -> Card:
    if card.client_id != client_id or card.removed_at:
        raise Conflict(OF_ANOTHER, code="card_of_another", fields={"setup": [OF_ANOTHER.format()]})
    return card


def _locked(session: Session, card_id: UUID, expected: int | None) -> Card:
    card = locked(session, Card, card_id, expected, kind="card", names=names_of)
    if card.removed_at:
        raise NotFound(NOT_FOUND)
    return card


def _locked_cards(session: Session, client_id: UUID) -> Sequence[Card]:
    """The client's cards on file, in their order."""
    statement = select(Card).where(Card.client_id == client_id, Card.removed_at.is_(None))
    cards = session.scalars(statement.order_by(Card.id).with_for_update()).all()
    return sorted(cards, key=lambda card: (card.position, card.id))


def _may_replace(other: Card, card: Card) -> bool:
    return other.id != card.id and other.account == card.account


def _lose_default(session: Session, cards: Sequence[Card]) -> None:
    """At once, since the database lets no two be the default even for a moment."""
    for card in cards:
        if card.is_default:
            _changed(session, card, {"is_default": False})


def _changed(session: Session, card: Card, given: Details) -> Card:
    changes = difference(card.details(), given)
    if not changes:
        return card
    for name in changes:
        setattr(card, name, given[name])
    if "exp_month" in changes or "exp_year" in changes:
        card.noticed_days = None
    card.version += 1
    session.flush()
    _record(session, card, changes, CARD_UPDATED)
    return card


def _lock_users(session: Session, card_id: UUID) -> list[UUID]:
    """The memberships that this card pays, locked: those that go on, and those that have ended."""
    query = text("SELECT id FROM memberships WHERE card_id = :card ORDER BY id FOR UPDATE")
    return list(session.execute(query, {"card": card_id}).scalars())


def _replace(session: Session, users: list[UUID], replacement_id: UUID) -> None:
    for membership_id in users:
        membership = lock(session, membership_id, None)
        if membership.lifecycle == "ended":
            membership.card_id = replacement_id  # only what it still owes is asked of it
        else:
            edit(session, membership, {"card_id": replacement_id})


def _record(session: Session, card: Card, changes: Changes, said: Contract) -> None:
    record(
        session,
        about=card.id,
        kind="card",
        version=card.version,
        changes=changes,
        says=[Saying(said, card.state())],
    )
