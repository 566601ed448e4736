"""Process (P25): a person takes the next payment now. Never twice for the same period, however often it is pressed.

The button carries the period that it showed: a page that was refreshed says the same period again, whatever is next.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.period import raise_next_period
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions, limits
from services.memberships.payments.models import Attempt
from shared import clock
from shared.actor import current
from shared.errors import Conflict
from shared.words import Words

LET_GO = Words("This period is not asked for any more.")
ANOTHER = Words("The next payment is that of period {period}. Look at the page again.")
NOTHING_COMES = Words("No payment comes any more.")
NO_CARD = Words("There is no card to ask. Add one, or take the payment at the desk.")
LATER = Words("This payment was raised, and no card may be asked for it now. Choose another card.")

TAKEN = ("paid", "settled", "refunded", "disputed", "lost")
"""States of a due for which money has come."""


@dataclass(frozen=True)
class Processed:
    due: Due
    attempt: Attempt | None
    """The one that is on its way; None for a payment that is done."""


def process(session: Session, membership: Membership, period: int) -> Processed:
    """Takes the payment of a period, if that is the next unpaid one; the membership is locked.

    What is paid, or on its way, is answered and not done again. Raises Conflict for another period, while the bank is
    not to be asked again, and without a card that may be.
    """
    due = _due(session, membership.id, period)
    if due is not None and due.state in TAKEN:
        return Processed(due, None)
    if due is not None and (attempt := actions.open_attempt(session, due.id)):
        return Processed(due, attempt)
    expected = _next_unpaid(session, membership)
    if expected != period:
        raise _another(expected)
    if due is None:
        return _raise(session, membership)
    return Processed(due, _ask(session, membership, due))


def _due(session: Session, membership_id: UUID, period: int) -> Due | None:
    found = select(Due).where(Due.membership_id == membership_id, Due.kind == "period", Due.number == period)
    due = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if due is not None and due.state in ("skipped", "written_off"):
        raise Conflict(LET_GO, code="not_open")
    return due


def _next_unpaid(session: Session, membership: Membership) -> int | None:
    """What is missing comes before what is to come: by policy the latest of it, or one after the other."""
    open_ = select(Due).where(Due.membership_id == membership.id, Due.kind == "period", Due.state == "open")
    missing = session.scalars(open_.order_by(Due.number)).all()
    if missing:
        oldest_first = missing[-1].policy["arrears"] == "one_a_day"
        return missing[0 if oldest_first else -1].number
    return membership.next_period if membership.next_due_on else None


def _another(expected: int | None) -> Conflict:
    if expected is None:
        return Conflict(NOTHING_COMES, code="nothing_comes")
    return Conflict(ANOTHER, code="another_period", period=expected)


def _raise(session: Session, membership: Membership) -> Processed:
    """The period is not due yet: it is raised now, before its day."""
    if membership.card_id is None:
        raise Conflict(NO_CARD, code="no_card")
    due = raise_next_period(session, membership)
    if due is None:
        raise Conflict(NOTHING_COMES, code="nothing_comes")
    attempt = actions.open_attempt(session, due.id)
    if attempt is None and due.state == "open":  # taken back: nothing was raised
        raise Conflict(LATER, code="card_asked_too_often")
    return Processed(due, attempt)


def _ask(session: Session, membership: Membership, due: Due) -> Attempt:
    if membership.card_id is None:
        raise Conflict(NO_CARD, code="no_card")
    last = session.scalar(select(Attempt).where(Attempt.due_id == due.id).order_by(Attempt.number.desc()).limit(1))
    if last and last.state == "declined_soft" and last.card_id == membership.card_id:
        wait = limits.wait_by_hand(last.finished_at, clock.now())
        if wait:
            seconds = int(wait.total_seconds()) + 1
            minutes = -(-seconds // 60)
            raise Conflict(limits.JUST_TRIED, code="just_tried", minutes=minutes, retry_after=seconds)
    return actions.begin(session, due, membership.card_id, actor=current().actor)
