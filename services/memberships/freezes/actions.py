"""Freezes: planned or begun by a quote, begun and ended on their days, ended earlier. The membership is locked."""

from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.period import next_moment
from services.memberships.billing.pricing import Line
from services.memberships.billing.wording import day
from services.memberships.copies.models import Branch
from services.memberships.credits import actions as credits
from services.memberships.dues.actions import pay_by_card, raise_due
from services.memberships.dues.models import Due
from services.memberships.freezes import rules
from services.memberships.freezes.acts import rule_of
from services.memberships.freezes.models import Freeze
from services.memberships.memberships.known import Known, look
from services.memberships.memberships.models import Membership
from services.memberships.payments.refunding import refund
from services.memberships.plans.terms import Freezing
from services.memberships.policies.actions import policy_of
from services.memberships.quotes.actions import Taken
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.contracts.memberships import MEMBERSHIP_FROZEN, MEMBERSHIP_UNFROZEN, MEMBERSHIP_UPDATED
from shared.ids import new_id
from shared.words import Words

GIVEN_BACK = Words("Frozen from {first} to {last}")


def plan(session: Session, taken: Taken) -> Freeze:
    """The freeze that a quote has shown; one that begins today has begun."""
    facts: rules.Facts = taken.facts
    freezing = facts.known.offer.terms.freezing
    days = rules.days_of(facts, taken.inputs)
    rule = next(rule for rule in freezing.rules if rule.mode == taken.inputs["mode"])
    given = [] if rule.mode == rules.SHIFT else rules.given_back(facts.billed, days)
    row = Freeze(
        id=new_id(),
        version=1,
        membership_id=facts.membership_id,
        mode=rule.mode,
        rule=asdict(rule),
        starts_on=days[0],
        ends_on=days[1],
        fee=freezing.fee,
        fee_per=freezing.fee_per,
        fees=1 if taken.result.lines else 0,
        shifted_days=0,
        given_back=[
            {"due_id": due_id, "from": part[0], "until": part[1], "amount": amount} for due_id, part, amount in given
        ],
        reason=taken.inputs["reason"],
        state="planned",
        created_at=clock.now(),
        created_by=current().actor_id,
    )
    session.add(row)
    session.flush()
    membership = session.get_one(Membership, facts.membership_id)
    for due_id, part, amount in given:
        _give_back(session, due_id, part, amount)
    if days[0] <= facts.known.today:
        begin(session, membership, row)
    elif membership.next_due_on and membership.next_due_on >= days[0]:
        _write(session, membership, row, _shift(session, membership, row))
    if taken.result.lines:
        _charge(session, facts.known, "freeze_fee", _fee(facts.known, row, 0))
    return row


def begin(session: Session, membership: Membership, row: Freeze) -> None:
    """The first day has come."""
    before = membership.state()
    _shift(session, membership, row)
    row.state = "running"
    membership.lifecycle = "frozen"
    _extend(session, membership, row, (row.ends_on - row.starts_on).days)
    _write(session, membership, row, difference(before, membership.state()))


def end(session: Session, membership: Membership, row: Freeze) -> None:
    """The last day is over."""
    row.state = "over"
    membership.lifecycle = "active"
    _write(session, membership, row, {"lifecycle": ("frozen", "active")})


def end_early(session: Session, taken: Taken) -> Freeze:
    """The freeze ends on the day that a quote has shown; one that had not begun is withdrawn."""
    facts: rules.Facts = taken.facts
    row = session.get_one(Freeze, taken.inputs["freeze_id"], populate_existing=True, with_for_update=True)
    membership = session.get_one(Membership, facts.membership_id)
    days, until = taken.result.more["days"], rules.end_of(facts, taken.inputs)
    before, was_running = membership.state(), row.state == "running"
    _shift_back(session, membership, row, days)
    if was_running:
        _extend(session, membership, row, -days)
    if taken.result.more["withdrawn"]:
        row.state = "withdrawn"
    else:
        row.ends_on = until
    if was_running and until <= facts.known.today:
        row.state = "withdrawn" if taken.result.more["withdrawn"] else "over"
        membership.lifecycle = "active"
    _write(session, membership, row, difference(before, membership.state()) | {"frozen_until": (None, until)})
    if taken.result.lines:
        lines = rules.unfreeze_lines(facts, taken.inputs["freeze_id"], until)
        _charge(session, facts.known, "unfreeze", lines)
    return row


def charge_month(session: Session, row: Freeze) -> None:
    """The next month of a freeze whose fee is monthly. While a payment is on its way it waits: raises Conflict."""
    known = look(session, row.membership_id, lock=True)
    row.fees += 1
    lines = _fee(known, row, row.fees - 1)
    if lines:
        _charge(session, known, "freeze_fee", lines)


def _fee(known: Known, row: Freeze, month: int) -> list[Line]:
    agreed = Freezing(fee=row.fee, fee_per=row.fee_per)  # type: ignore[arg-type]
    return rules.fee_lines(known, agreed, (row.starts_on, row.ends_on), month if row.fee_per == "month" else None)


def _charge(session: Session, known: Known, kind: str, lines: list[Line]) -> None:
    membership = session.get_one(Membership, known.membership_id)
    due = raise_due(
        session,
        kind=kind,
        membership=membership,
        client_id=known.client_id,
        payer_id=known.payer_id,
        branch_id=known.branch_id,
        employee_id=membership.employee_id,
        lines=lines,
        currency=known.currency,
        policy=known.policy,
        due_on=known.today,
    )
    pay_by_card(session, due)


def _give_back(session: Session, due_id: UUID, days: tuple[date, date], amount: int) -> None:
    due = session.get_one(Due, due_id, with_for_update=True, populate_existing=True)
    why = GIVEN_BACK.format(first=day(days[0]), last=day(days[1] - timedelta(days=1)))
    refund(session, due, min(amount, due.amount - due.refunded), "balance", why)


def _shift(session: Session, membership: Membership, row: Freeze) -> Changes:
    """All payments to come are as many days later, once. What it changes of the membership."""
    if row.mode != rules.SHIFT or row.shifted_days or membership.next_due_on is None:
        return {}
    row.shifted_days = (row.ends_on - row.starts_on).days
    return _move_payments(session, membership, row.shifted_days)


def _shift_back(session: Session, membership: Membership, row: Freeze, days: int) -> None:
    back = min(days, row.shifted_days)
    row.shifted_days -= back
    if back and membership.next_due_on is not None:
        _move_payments(session, membership, -back)


def _move_payments(session: Session, membership: Membership, days: int) -> Changes:
    assert membership.next_due_on
    branch = session.get_one(Branch, membership.branch_id)
    hour = policy_of(session, membership.branch_id).charge_hour
    before, after = membership.next_due_on, membership.next_due_on + timedelta(days)
    membership.anchor, membership.anchor_period = after, membership.next_period
    membership.next_due_on, membership.next_due_at = after, next_moment(after, branch.time_zone, hour)
    return {"next_payment_on": (before, after)}


def _extend(session: Session, membership: Membership, row: Freeze, days: int) -> None:
    """By the mode's rule the commitment, and the life of credits, are so many days longer; or shorter again."""
    rule = rule_of(row)
    if rule.extends_commitment and membership.commitment_until:
        membership.commitment_until += timedelta(days)
    if rule.extends_expiry and days:
        credits.shift_expiry(session, membership, days)


def _write(session: Session, membership: Membership, row: Freeze, changes: Changes) -> None:
    """The change of the membership, its audit, and the event that fits."""
    row.version += 1
    membership.version += 1
    session.flush()
    state = membership.state()
    if row.state == "running":
        said = Saying(MEMBERSHIP_FROZEN, state | row.details())
    elif "lifecycle" in changes:
        said = Saying(MEMBERSHIP_UNFROZEN, state)
    else:
        said = Saying(MEMBERSHIP_UPDATED, state | {"changed": sorted(changes)})
    about = {"freeze": (None, {"state": row.state, **row.details()}), **changes}
    record(
        session,
        about=membership.id,
        kind="membership",
        version=membership.version,
        changes=about,
        says=[said],
        reason=row.reason or None,
    )
