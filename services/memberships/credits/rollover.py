"""What is left of a period's credits goes over into the next period, up to the cap of the terms.

It happens when both are true, in whatever order: the lot has expired, and the period after it is paid. A period that
was never paid breaks the chain.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from services.memberships.credits.ledger import write
from services.memberships.credits.models import Credit
from services.memberships.dues.models import Due
from shared.contracts.memberships import CREDIT_CHANGED


def from_the_periods_before(session: Session, issued: Sequence[tuple[Credit, Due]]) -> None:
    """New lots of dues take over, where the one before has expired already."""
    wanted = {(due.membership_id, (due.number or 0) - 1) for _, due in issued if (due.number or 0) > 1}
    if not wanted:
        return
    found = session.execute(
        select(Credit, Due.number)
        .join(Due, Due.id == Credit.due_id)
        .where(tuple_(Due.membership_id, Due.number).in_(wanted), Credit.status == "expired")
        .order_by(Credit.id)
        .with_for_update(of=Credit)
        .execution_options(populate_existing=True)
    )
    before = {(*_benefit(credit), number): credit for credit, number in found}
    for credit, due in issued:
        if expired := before.get((*_benefit(credit), (due.number or 0) - 1)):
            _roll(session, expired, credit)


def _benefit(credit: Credit) -> tuple[Any, ...]:
    return credit.membership_id, credit.position, credit.service_id, credit.category


def into_the_period_after(session: Session, expired: Credit) -> None:
    """A lot that has just expired goes over, if the period after it is paid already."""
    if expired.rollover_cap is None or expired.due_id is None:
        return
    after = _next(session, expired, session.get_one(Due, expired.due_id))
    if after is not None:
        _roll(session, expired, after)


def _next(session: Session, credit: Credit, due: Due) -> Credit | None:
    """The lot of the same benefit in the period after, locked."""
    assert due.number is not None
    what = Credit.service_id == credit.service_id if credit.service_id else Credit.category == credit.category
    same = and_(Credit.position == credit.position, what)
    return session.scalar(
        select(Credit)
        .join(Due, Due.id == Credit.due_id)
        .where(Due.membership_id == credit.membership_id, Due.number == due.number + 1, same)
        .with_for_update(of=Credit)
        .execution_options(populate_existing=True)
    )


def _roll(session: Session, before: Credit, after: Credit) -> None:
    quantity = min(before.rollover_cap or 0, before.lapsed)
    if quantity == 0 or before.rolled_over or after.status != "active":
        return
    write(session, before, "changed", 0, None, rolled_over=quantity)
    write(session, after, "rolled_in", quantity, CREDIT_CHANGED)
