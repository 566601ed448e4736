"""Cancellations: scheduled or carried out by a quote, withdrawn, carried out on their day. The membership is locked."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.period import next_moment
from services.memberships.billing.pricing import Item, taxed
from services.memberships.billing.schedule import period_days
from services.memberships.cancellations import rules
from services.memberships.cancellations.models import Cancellation
from services.memberships.copies.models import Branch
from services.memberships.credits import actions as credits
from services.memberships.dues.actions import pay_by_card, raise_due
from services.memberships.dues.models import Due
from services.memberships.freezes.models import Freeze
from services.memberships.memberships.models import Membership
from services.memberships.payments.refunding import refund
from services.memberships.plan_changes.models import PlanChange
from services.memberships.plans.models import PlanTerms
from services.memberships.policies.actions import policy_of
from services.memberships.quotes.actions import Taken
from shared import clock
from shared.actor import current
from shared.audit import Saying, difference, record
from shared.contracts.contract import Contract
from shared.contracts.memberships import (
    MEMBERSHIP_CANCELLATION_SCHEDULED,
    MEMBERSHIP_CANCELLATION_WITHDRAWN,
    MEMBERSHIP_CANCELLED,
    MEMBERSHIP_EXPIRED,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.words import Words

NONE_WAITS = Words("No cancellation waits.")
COOLING_OFF = Words("Cancelled within the cooling-off period")


def schedule(session: Session, taken: Taken) -> Cancellation:
    """The cancellation that a quote has shown; one whose day is today is carried out."""
    facts: rules.Facts = taken.facts
    membership = session.get_one(Membership, facts.membership_id)
    ends_on = rules.last_day(facts, taken.inputs["at"])
    found = rules.fee_of(facts, ends_on, taken.inputs["waive"])
    waived = bool(taken.result.more["waived"])
    row = Cancellation(
        id=new_id(),
        version=1,
        membership_id=membership.id,
        ends_on=ends_on,
        reason=taken.inputs["reason"],
        fee=found.amount,
        explanation={"steps": list(found.explanation), "ends_on_before": membership.ends_on},
        waived=waived,
        waive_reason=taken.inputs["waive_reason"] if waived else None,
        state="waiting",
        created_at=clock.now(),
        created_by=current().actor_id,
    )
    session.add(row)
    session.flush()
    if ends_on <= facts.known.today:
        _give_back(session, rules.refunds(facts, ends_on))
        carry_out(session, membership, row)
    else:
        _announce(session, membership, row)
    return row


def withdraw(session: Session, membership: Membership) -> Cancellation:
    """The membership goes on after all. Raises NotFound when no cancellation waits."""
    row = waiting(session, membership.id)
    if row is None:
        raise NotFound(NONE_WAITS)
    before = membership.state()
    row.state = "withdrawn"
    ends_on = row.explanation.get("ends_on_before")
    membership.ends_on = date.fromisoformat(ends_on) if ends_on else None
    if membership.next_due_on is None and membership.ends_on is None:
        _go_on(session, membership)
    _write(session, membership, row, before, Saying(MEMBERSHIP_CANCELLATION_WITHDRAWN, membership.state()))
    return row


def carry_out(session: Session, membership: Membership, row: Cancellation) -> None:
    """The last day is over: benefits end, what is left of the credits lapses, and the fee is asked for.

    A fee that fails stays as a debt; the membership has ended all the same.
    """
    row.state, row.done_at = "done", clock.now()
    end(session, membership, "cancelled", MEMBERSHIP_CANCELLED, row)
    if row.fee:
        row.fee_due_id = _charge(session, membership, row.fee).id


def expire(session: Session, membership: Membership) -> None:
    """The periods of the terms are over."""
    end(session, membership, "expired", MEMBERSHIP_EXPIRED, None)


def end(session: Session, membership: Membership, why: str, said: Contract, row: Cancellation | None) -> None:
    """Whatever the reason: nothing is billed any more, what waited is called off, what is left lapses."""
    before = membership.state()
    membership.lifecycle, membership.end_reason, membership.ended_at = "ended", why, clock.now()
    membership.next_due_on = membership.next_due_at = None
    membership.ends_on = row.ends_on if row else membership.ends_on
    _call_off_what_waits(session, membership.id)
    credits.lapse_of(session, membership)
    _write(session, membership, row, before, Saying(said, membership.state()))


def waiting(session: Session, membership_id: UUID) -> Cancellation | None:
    """The cancellation that waits for its day, locked."""
    found = select(Cancellation).where(Cancellation.membership_id == membership_id, Cancellation.state == "waiting")
    return session.scalar(found.with_for_update())


def _call_off_what_waits(session: Session, membership_id: UUID) -> None:
    pauses = select(Freeze).where(Freeze.membership_id == membership_id, Freeze.state.in_(("planned", "running")))
    for pause in session.scalars(pauses.with_for_update()):
        pause.state = "over" if pause.state == "running" else "withdrawn"
    changes = select(PlanChange).where(PlanChange.membership_id == membership_id, PlanChange.state == "waiting")
    for change in session.scalars(changes.with_for_update()):
        change.state = "withdrawn"


def _announce(session: Session, membership: Membership, row: Cancellation) -> None:
    before = membership.state()
    membership.ends_on = row.ends_on
    if membership.next_due_on and membership.next_due_on >= row.ends_on:
        membership.next_due_on = membership.next_due_at = None
    data = membership.state() | {"fee": row.fee, "waived": row.waived}
    _write(session, membership, row, before, Saying(MEMBERSHIP_CANCELLATION_SCHEDULED, data))


def _go_on(session: Session, membership: Membership) -> None:
    """The next payment comes when the last billed period is over, or when the first one was to begin."""
    last = session.scalar(
        select(Due.ends_on)
        .where(Due.membership_id == membership.id, Due.kind == "period")
        .order_by(Due.number.desc())
        .limit(1)
    )
    branch = session.get_one(Branch, membership.branch_id)
    day = last or membership.anchor
    membership.anchor, membership.anchor_period = _anchor(session, membership, day)
    membership.next_due_on = day
    hour = policy_of(session, membership.branch_id).charge_hour
    membership.next_due_at = next_moment(day, branch.time_zone, hour)


def _anchor(session: Session, membership: Membership, day: date) -> tuple[date, int]:
    """The anchor that there is, unless the last period was cut short: then they are counted from its end."""
    terms = session.get_one(PlanTerms, (membership.plan_id, membership.terms_number)).read()
    planned = period_days(membership.anchor, membership.anchor_period, terms.interval, membership.next_period)[0]
    return (membership.anchor, membership.anchor_period) if planned == day else (day, membership.next_period)


def _give_back(session: Session, given: list[tuple[UUID, int]]) -> None:
    for due_id, amount in given:
        due = session.get_one(Due, due_id, with_for_update=True, populate_existing=True)
        refund(session, due, amount, "card" if due.tender == "card" else "balance", COOLING_OFF.format())


def _charge(session: Session, membership: Membership, amount: int) -> Due:
    policy = policy_of(session, membership.branch_id)
    today = clock.today(session.get_one(Branch, membership.branch_id).time_zone)
    terms = session.get_one(PlanTerms, (membership.plan_id, membership.terms_number)).read()
    due = raise_due(
        session,
        kind="cancellation_fee",
        membership=membership,
        client_id=membership.client_id,
        payer_id=membership.payer_id,
        branch_id=membership.branch_id,
        employee_id=membership.employee_id,
        lines=taxed([Item("cancellation_fee", rules.FEE, amount, terms.tax_category)], policy, today),
        currency=membership.currency,
        policy=policy,
        due_on=today,
    )
    pay_by_card(session, due)
    return due


def _write(
    session: Session, membership: Membership, row: Cancellation | None, before: dict[str, Any], said: Saying
) -> None:
    """The change of the membership, its audit and its event."""
    membership.version += 1
    if row:
        row.version += 1
    session.flush()
    record(
        session,
        about=membership.id,
        kind="membership",
        version=membership.version,
        changes=difference(before, membership.state()),
        says=[said],
        reason=(row and (row.waive_reason or row.reason)) or None,
    )
