"""What staff and tills do with gift cards. Each takes a card that `ledger.lock` has locked."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.dues.models import Due
from services.memberships.gift_cards.ledger import Card, Movement, lock, write
from shared import clock
from shared.contracts.memberships import (
    GIFT_CARD_ADJUSTED,
    GIFT_CARD_BLOCKED,
    GIFT_CARD_EXPIRED,
    GIFT_CARD_EXTENDED,
    GIFT_CARD_REDEEMED,
    GIFT_CARD_REFUNDED,
    GIFT_CARD_REVERSED,
    GIFT_CARD_SOLD,
    GIFT_CARD_UNBLOCKED,
)
from shared.db import run
from shared.errors import Conflict, Invalid, NotFound
from shared.rows import NOT_FOUND
from shared.words import Words

TOO_LITTLE = Words("There is not that much left on the gift card.")
EXPIRED = Words("This gift card has expired.")
RECEIPT_USED = Words("This receipt took another amount from this gift card.")
REVERSED = Words("This redemption was reversed already.")
NO_CLIENT = Words("The gift card names no client whose balance could take it.")
NO_CHANGE = Words("This would change nothing.")
NOT_LATER = Words("This is not later than it is now.")
NEVER_EXPIRES = Words("This gift card does not expire.")
REFUND = Words("What was left on a gift card")
STATES = {
    "awaits_payment": Words("This gift card is not paid yet."),
    "blocked": Words("This gift card is blocked."),
    "expired": EXPIRED,
    "refunded": Words("What was left on this gift card was given back. It is not taken any more."),
    "active": Words("This gift card is not blocked."),
}

OF_RECEIPT = """
    SELECT * FROM gift_card_movements
    WHERE gift_card_id = %(card)s AND kind = 'redeemed' AND reference = %(reference)s
"""
ONE = "SELECT * FROM gift_card_movements WHERE gift_card_id = %(card)s AND id = %(id)s AND kind = 'redeemed'"
LAPSED = """
    SELECT amount FROM gift_card_movements WHERE gift_card_id = %(card)s AND kind = 'expired' ORDER BY id DESC LIMIT 1
"""


def activate(session: Session, due: Due) -> None:
    """The card of a due of kind gift_card is paid, and can be used. Asked again, nothing happens."""
    assert due.gift_card_id
    begin(session, lock(session, due.gift_card_id), None)


def begin(session: Session, card: Card, reference: str | None) -> None:
    """The card is paid. `reference` is what the till calls the payment."""
    if card["state"] == "awaits_payment":
        sold: dict[str, Any] = {"branch_id": card["branch_id"], "reference": reference, "state": "active"}
        write(session, card, "sold", card["amount"], GIFT_CARD_SOLD, **sold)


def redeem(session: Session, card: Card, amount: int, reference: str, branch_id: UUID) -> tuple[Movement, bool]:
    """Takes an amount at a till; and whether it was taken now: a receipt takes once.

    Raises Conflict when the card is not taken, holds less, or the receipt took another amount.
    """
    refusal = _refusal(card, amount)
    if refusal is None:
        how: dict[str, Any] = {"branch_id": branch_id, "reference": reference}
        if (made := write(session, card, "redeemed", -amount, GIFT_CARD_REDEEMED, **how)) is not None:
            return made, True
    before = run(session, OF_RECEIPT, {"card": card["id"], "reference": reference}).fetchone()
    if before is None:
        assert refusal
        raise refusal
    if before["amount"] != -amount:
        raise Conflict(RECEIPT_USED, code="reference_used", fields={"reference": [RECEIPT_USED.format()]})
    return before, False


def reverse(session: Session, card: Card, movement_id: UUID) -> Movement:
    """Gives back what a redemption took. Raises NotFound, and Conflict for a second time or a card that is no more."""
    redemption = redeemed(session, card, movement_id)
    if card["state"] in {"expired", "refunded"}:
        raise _state(card)
    how: dict[str, Any] = {"branch_id": redemption["branch_id"], "reference": redemption["reference"]}
    amount = -redemption["amount"]
    made = write(session, card, "reversed", amount, GIFT_CARD_REVERSED, of_movement_id=movement_id, **how)
    if made is None:
        raise Conflict(REVERSED, code="reversed_already")
    return made


def redeemed(session: Session, card: Card, movement_id: UUID) -> Movement:
    """A redemption of this card. Raises NotFound."""
    found = run(session, ONE, {"card": card["id"], "id": movement_id}).fetchone()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def refund(session: Session, card: Card, destination: str, reason: str) -> Movement:
    """Gives back all that is left, at the till or to the balance of its buyer, else of its holder; then it is over."""
    if card["state"] not in {"active", "blocked"}:
        raise _state(card)
    if card["balance"] == 0:
        raise Conflict(TOO_LITTLE, code="gift_card_too_small", balance=0)
    amount = card["balance"]
    if destination == "balance":
        _to_the_balance(session, card, amount)
    how: dict[str, Any] = {"branch_id": card["branch_id"], "reference": destination, "reason": reason}
    return _done(write(session, card, "refunded", -amount, GIFT_CARD_REFUNDED, state="refunded", **how))


def adjust(session: Session, card: Card, amount: int, reason: str) -> Movement:
    """Sets right what is on it, up or down, but never below nothing. Raises Invalid for no change at all."""
    if amount == 0:
        raise Invalid(NO_CHANGE, fields={"amount": [NO_CHANGE.format()]})
    if card["state"] not in {"active", "blocked"}:
        raise _state(card)
    if card["balance"] + amount < 0:
        raise Conflict(TOO_LITTLE, code="gift_card_too_small", balance=card["balance"])
    return _done(
        write(session, card, "adjusted", amount, GIFT_CARD_ADJUSTED, branch_id=card["branch_id"], reason=reason)
    )


def block(session: Session, card: Card, reason: str) -> Movement:
    """No till takes it. Raises Conflict unless it is in use."""
    if card["state"] != "active":
        raise _state(card)
    how: dict[str, Any] = {"branch_id": card["branch_id"], "reason": reason, "state": "blocked"}
    return _done(write(session, card, "blocked", 0, GIFT_CARD_BLOCKED, **how))


def unblock(session: Session, card: Card, reason: str) -> Movement:
    """It is taken again. Raises Conflict unless it is blocked."""
    if card["state"] != "blocked":
        raise _state(card)
    how: dict[str, Any] = {"branch_id": card["branch_id"], "reason": reason, "state": "active"}
    return _done(write(session, card, "unblocked", 0, GIFT_CARD_UNBLOCKED, **how))


def extend(session: Session, card: Card, expires_on: date, reason: str) -> Movement:
    """It is taken for longer; one that had expired has again what was on it.

    Raises Conflict for a day that is no later than now, and for one that was given back or is not paid.
    """
    if card["state"] in {"refunded", "awaits_payment"}:
        raise _state(card)
    if card["expires_on"] is None:
        raise Conflict(NEVER_EXPIRES, code="never_expires")
    if expires_on <= max(card["expires_on"], clock.today(card["time_zone"])):
        raise Conflict(NOT_LATER, code="not_later", fields={"expires_on": [NOT_LATER.format()]})
    how: dict[str, Any] = {"branch_id": card["branch_id"], "reason": reason, "expires_on": expires_on}
    if card["state"] != "expired":
        return _done(write(session, card, "extended", 0, GIFT_CARD_EXTENDED, **how))
    lapsed = run(session, LAPSED, {"card": card["id"]}).fetchone()
    amount = -lapsed["amount"] if lapsed else 0
    return _done(write(session, card, "extended", amount, GIFT_CARD_EXTENDED, state="active", **how))


def expire(session: Session, card: Card) -> None:
    """Its day has come: what is left lapses."""
    how: dict[str, Any] = {"branch_id": card["branch_id"], "state": "expired"}
    write(session, card, "expired", -card["balance"], GIFT_CARD_EXPIRED, **how)


def _refusal(card: Card, amount: int) -> Conflict | None:
    """Why a till cannot take so much of it today."""
    if card["state"] != "active":
        return _state(card)
    if card["expires_on"] is not None and card["expires_on"] <= clock.today(card["time_zone"]):
        return Conflict(EXPIRED, code="gift_card_expired")
    if card["balance"] < amount:
        return Conflict(TOO_LITTLE, code="gift_card_too_small", balance=card["balance"])
    return None


def _state(card: Card) -> Conflict:
    return Conflict(STATES[card["state"]], code=f"gift_card_{card['state']}")


def _to_the_balance(session: Session, card: Card, amount: int) -> None:
    client_id = card["buyer_id"] or card["holder_id"]
    if client_id is None:
        raise Conflict(NO_CLIENT, code="no_client")
    how: dict[str, Any] = {"kind": "refunded", "description": REFUND.format(), "branch_id": card["branch_id"]}
    balances.move(session, client_id, card["currency"], amount, reference=f"gift_card:{card['id']}", **how)


def _done(movement: Movement | None) -> Movement:
    assert movement is not None  # only redemptions and reversals have a cause that may come twice
    return movement
