"""What is left of a period's credits goes over into the next period, up to the cap of the terms.

It happens when both are true, in whatever order: the lot has expired, and the period after it is paid. A period that
was never paid breaks the chain.
"""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.memberships.credits.ledger import write
from services.memberships.credits.models import Credit
from services.memberships.dues.models import Due
from shared.contracts.memberships import CREDIT_CHANGED


def from_the_period_before(session: Session, issued: Credit, due: Due) -> None:
    """The new lot of a due takes over, if the one before has expired already."""
    before = _neighbour(session, issued, due, -1)
    if before is not None and before.status == "expired":
        _roll(session, before, issued)


def into_the_period_after(session: Session, expired: Credit) -> None:
    """A lot that has just expired goes over, if the period after it is paid already."""
    if expired.rollover_cap is None or expired.due_id is None:
        return
    after = _neighbour(session, expired, session.get_one(Due, expired.due_id), 1)
    if after is not None:
        _roll(session, expired, after)


def _neighbour(session: Session, credit: Credit, due: Due, step: int) -> Credit | None:
    """The lot of the same benefit in the period beside it, locked."""
    assert due.number is not None
    what = Credit.service_id == credit.service_id if credit.service_id else Credit.category == credit.category
    same = and_(Credit.position == credit.position, what)
    return session.scalar(
        select(Credit)
        .join(Due, Due.id == Credit.due_id)
        .where(Due.membership_id == credit.membership_id, Due.number == due.number + step, same)
        .with_for_update(of=Credit)
        .execution_options(populate_existing=True)
    )


def _roll(session: Session, before: Credit, after: Credit) -> None:
    quantity = min(before.rollover_cap or 0, before.lapsed)
    if quantity == 0 or before.rolled_over or after.status != "active":
        return
    write(session, before, "changed", 0, None, rolled_over=quantity)
    write(session, after, "rolled_in", quantity, CREDIT_CHANGED)
