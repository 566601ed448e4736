"""Beginning to take a due from a card, and what waits for it. No gateway is called here: a worker does that."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.cards.models import Card
from services.memberships.dues.models import Due
from services.memberships.payments import limits
from services.memberships.payments.limits import Asked
from services.memberships.payments.models import OPEN, Attempt
from shared import clock
from shared.db import run
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.words import Words

NOT_OPEN = Words("This is not owed any more.")
ON_ITS_WAY = Words("A payment is on its way. Wait for its outcome; it is on the list of payments.")
NO_SUCH_CARD = Words("The payer has no such card here.")

ASKED = """
    SELECT pair.due_id, pair.card_id,
           count(*) FILTER (WHERE attempts.due_id = pair.due_id AND state <> 'void') AS for_this,
           count(*) FILTER (WHERE state IN ('declined_soft', 'declined_hard') AND created_at > %(since)s)
               AS refused_lately,
           coalesce(bool_or(state = 'declined_hard' AND attempts.due_id = pair.due_id), false) AS refused_for_good
    FROM unnest(%(dues)s::uuid[], %(cards)s::uuid[]) AS pair (due_id, card_id)
    JOIN attempts ON attempts.card_id = pair.card_id
        AND (attempts.created_at > %(since)s OR attempts.due_id = pair.due_id)
    GROUP BY pair.due_id, pair.card_id
"""
OPEN_OF_MEMBERSHIP = f"""
    SELECT 1 FROM dues JOIN attempts ON attempts.due_id = dues.id
    WHERE dues.membership_id = %(membership)s AND attempts.state IN {OPEN} LIMIT 1
"""


def begin(session: Session, due: Due, card_id: UUID, *, actor: str) -> Attempt:
    """An attempt at taking the due from this card, which a worker sends to the gateway within a second.

    The due's membership, if any, is locked already. Raises Conflict when the due is not open, an attempt is on its way
    or the card may not be asked again, and Invalid for a card of somebody else or at another account.
    """
    locked = session.get_one(Due, due.id, with_for_update=True, populate_existing=True)
    if locked.state != "open":
        raise Conflict(NOT_OPEN, code="not_open")
    if open_attempt(session, due.id):
        raise Conflict(ON_ITS_WAY, code="payment_on_its_way")
    card = check_card(session, due, card_id)
    locked.attempts += 1
    locked.retry_at = None
    attempt = Attempt(
        id=new_id(),
        due_id=due.id,
        number=locked.attempts,
        card_id=card_id,
        account=card.account,
        amount=due.amount,
        currency=due.currency,
        state="written",
        actor=actor,
        created_at=clock.now(),
        look_at=clock.now(),
        looks=0,
    )
    session.add(attempt)
    session.flush()
    return attempt


def open_attempt(session: Session, due_id: UUID) -> Attempt | None:
    """The attempt that is on its way, or waits for the client; there is one at most."""
    return session.scalar(select(Attempt).where(Attempt.due_id == due_id, Attempt.state.in_(OPEN)))


def must_be_quiet(session: Session, membership_id: UUID) -> None:
    """Raises Conflict while a payment of the membership is on its way. Call it with the membership's row locked."""
    if run(session, OPEN_OF_MEMBERSHIP, {"membership": membership_id}).fetchone():
        raise Conflict(ON_ITS_WAY, code="payment_on_its_way")


def asked(session: Session, pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Asked]:
    """How often each card was asked for each due, by pairs of due and card; those never asked are left out."""
    dues, cards = map(list, zip(*pairs, strict=True))
    values: dict[str, Any] = {"dues": dues, "cards": cards, "since": clock.now() - timedelta(days=limits.DAYS)}
    return {
        (row["due_id"], row["card_id"]): Asked(row["for_this"], row["refused_lately"], row["refused_for_good"])
        for row in run(session, ASKED, values)
    }


def check_card(session: Session, due: Due, card_id: UUID) -> Card:
    """The card, if it may be asked for this due now. Raises Invalid, Conflict."""
    card = session.get(Card, card_id)
    # The account is that of the policy in force when the due was raised.
    if card is None or card.removed_at or card.client_id != due.payer_id or card.account != due.policy["account"]:
        raise Invalid(NO_SUCH_CARD, fields={"card_id": [NO_SUCH_CARD.format()]})
    refusal = limits.refusal(asked(session, [(due.id, card_id)]).get((due.id, card_id), limits.NEVER_ASKED))
    if refusal:
        raise Conflict(refusal.words, code=refusal.code, **refusal.values)
    return card


def call_off(attempt: Attempt, next_card_id: UUID | None = None) -> None:
    """A locked open attempt is to take nothing any more, if it is not too late for that: the gateway cancels it, and
    then the other card is asked, if one is named."""
    attempt.cancel_asked_at = attempt.cancel_asked_at or clock.now()
    attempt.next_card_id = next_card_id
    attempt.look_at = clock.now()
    attempt.looks += 1  # so that a worker that has it in hand does not put it off
