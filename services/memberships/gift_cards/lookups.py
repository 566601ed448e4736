"""Asking for a gift card by its code: counted per caller over a sliding window, so that nobody can try codes.

A look-up is counted as a wrong one before the code is looked at, in a transaction of its own, and becomes cheap when
it was right: many at once do not slip through, and a refusal is still counted.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from services.memberships.gift_cards.models import Lookup
from shared import clock
from shared.errors import TooMany
from shared.ids import new_id
from shared.words import Words

WINDOW = timedelta(minutes=10)
BUDGET = 600
WRONG, RIGHT = 30, 1
"""Of the budget: twenty wrong codes in the window, or one look-up a second."""

WAIT = Words("Too many gift cards were looked up. Please wait a little and try again.")


def begin(session: Session, caller: str) -> UUID:
    """Counts a look-up; answers its id. Raises TooMany, and counts nothing, when the caller must wait."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"lookups {caller}"})
    recent = (Lookup.caller == caller, Lookup.at > clock.now() - WINDOW)
    spent, oldest = session.execute(select(func.sum(Lookup.cost), func.min(Lookup.at)).where(*recent)).one()
    if (spent or 0) + RIGHT > BUDGET:
        wait = oldest + WINDOW - clock.now()
        raise TooMany(WAIT, retry_after=max(1, int(wait.total_seconds()) + 1))
    lookup = Lookup(id=new_id(), caller=caller, at=clock.now(), cost=WRONG)
    session.add(lookup)
    return lookup.id


def was_right(session: Session, lookup_id: UUID) -> None:
    session.execute(update(Lookup).where(Lookup.id == lookup_id).values(cost=RIGHT))


def forget_old(session: Session) -> None:
    session.execute(delete(Lookup).where(Lookup.at < clock.now() - WINDOW))
