"""What the billing of memberships does to credits. Callers have locked the membership, and the due."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.credits import rollover
from services.memberships.credits.ledger import Move, write, write_all
from services.memberships.credits.models import Credit
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.plans.terms import Benefit, Terms
from shared import clock
from shared.contracts.memberships import CREDIT_CHANGED, CREDIT_EXPIRED, CREDIT_ISSUED
from shared.ids import new_id

NOTHING = {"quantity": 0, "available": 0, "held": 0, "used": 0, "lapsed": 0, "rolled_over": 0, "version": 0}
"""A lot before its first movement."""


def issue_for(session: Session, membership: Membership, due: Due, terms: Terms) -> list[Credit]:
    """The credits that a paid period has earned, counted from the period's own days however late it was paid.

    A period earns them once: asked again, nothing is issued.
    """
    return issue_all(session, [(membership, due, terms)])


def issue_all(session: Session, earned: Sequence[tuple[Membership, Due, Terms]]) -> list[Credit]:
    """The same for many periods, in as many statements as for one."""
    earned = [each for each in earned if each[2].benefits]
    if not earned:
        return []
    issued_for = select(Credit.due_id).where(Credit.due_id.in_([due.id for _, due, _ in earned]))
    before = set(session.scalars(issued_for))
    lots = [
        (_lot(membership, due, position, benefit), due, benefit.quantity)
        for membership, due, terms in earned
        if due.id not in before
        for position, benefit in enumerate(terms.benefits)
    ]
    write_all(session, [Move(credit, "issued", quantity, CREDIT_ISSUED) for credit, _, quantity in lots])
    rollover.from_the_periods_before(session, [(credit, due) for credit, due, _ in lots])
    return [credit for credit, _, _ in lots]


def left_of(session: Session, membership: Membership) -> list[Credit]:
    """What would lapse if the membership ended: for the dialog that says so."""
    return list(session.scalars(_of(membership).where(Credit.available > 0)))


def lapse_of(session: Session, membership: Membership) -> None:
    """The membership is over: what is left lapses. What is held stays so until its appointment has been."""
    today = _today(session, membership.branch_id)
    for credit in session.scalars(_locked(_of(membership).where(Credit.status.in_(("active", "suspended"))))):
        until = min(credit.expires_on or today, today)
        write(session, credit, "expired", credit.available, CREDIT_EXPIRED, status="expired", expires_on=until)


def lapse_for(session: Session, due: Due) -> None:
    """The period's money goes back: what is left of its credits is taken away. What was used stays used."""
    for credit in _issued_for(session, due):
        if credit.status != "withdrawn":
            write(session, credit, "withdrawn", credit.available, CREDIT_CHANGED, status="withdrawn")


def suspend_for(session: Session, due: Due) -> None:
    """The period is disputed: its credits cannot be used until that is decided."""
    for credit in _issued_for(session, due):
        if credit.status == "active":
            write(session, credit, "changed", 0, CREDIT_CHANGED, status="suspended")


def resume_for(session: Session, due: Due) -> None:
    """The dispute was won."""
    for credit in _issued_for(session, due):
        if credit.status == "suspended":
            write(session, credit, "changed", 0, CREDIT_CHANGED, status="active")


def shift_expiry(session: Session, membership: Membership, days: int) -> None:
    """A freeze that extends the expiry has so many days; negative when it ends earlier than it said."""
    usable = _of(membership).where(Credit.status.in_(("active", "suspended")), Credit.expires_on.is_not(None))
    for credit in session.scalars(_locked(usable)):
        assert credit.expires_on
        write(session, credit, "changed", 0, CREDIT_CHANGED, expires_on=credit.expires_on + timedelta(days))


def _lot(membership: Membership, due: Due, position: int, benefit: Benefit) -> Credit:
    return Credit(
        id=new_id(),
        client_id=membership.client_id,
        branch_id=membership.branch_id,
        source="membership",
        membership_id=membership.id,
        due_id=due.id,
        position=position,
        service_id=UUID(benefit.service_id) if benefit.service_id else None,
        category=benefit.category,
        status="active",
        expires_on=_expiry(due, benefit),
        rollover_cap=benefit.rollover_cap,
        comment="",
        issued_at=clock.now(),
        **NOTHING,
    )


def _expiry(due: Due, benefit: Benefit) -> date | None:
    assert due.starts_on
    if benefit.expires == "period_end":
        return due.ends_on
    return due.starts_on + timedelta(benefit.days or 0) if benefit.expires == "after_days" else None


def _of(membership: Membership) -> Select[Credit]:
    return select(Credit).where(Credit.membership_id == membership.id).order_by(Credit.id)


def _locked(statement: Select[Credit]) -> Select[Credit]:
    return statement.with_for_update().execution_options(populate_existing=True)


def _issued_for(session: Session, due: Due) -> Iterator[Credit]:
    yield from session.scalars(_locked(select(Credit).where(Credit.due_id == due.id).order_by(Credit.id)))


def _today(session: Session, branch_id: UUID) -> date:
    return clock.today(session.get_one(Branch, branch_id).time_zone)
