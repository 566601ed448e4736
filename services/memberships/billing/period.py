"""The one way in which a period is billed: by the clock for many, and at once when a membership starts today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.gathering import facts_of, zones_of
from services.memberships.billing.schedule import due_at
from services.memberships.billing.upcoming import Period, next_period
from services.memberships.cards.models import Card
from services.memberships.dues.actions import pay_by_card
from services.memberships.dues.asking import begin_all, choose
from services.memberships.dues.closing import Closing, changed, close_all
from services.memberships.dues.models import Due
from services.memberships.dues.raising import Draft, closed_at_once, draft, write
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions as payments
from services.memberships.plan_changes.models import PlanChange
from services.memberships.plans.commitment import commitment_until
from services.memberships.policies.policy import Policy
from shared import clock
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import MEMBERSHIP_PLAN_CHANGED


def raise_next_period(session: Session, membership: Membership) -> Due | None:
    """Raises the next period's due and begins to charge it; moves the membership on to the period after.

    `membership` is locked already. None when no further period comes: the membership ends with the last one.
    """
    return next(iter(raise_periods(session, [membership])), None)


@dataclass(frozen=True)
class Raised:
    membership: Membership
    period: Period
    draft: Draft


def raise_periods(session: Session, memberships: Sequence[Membership]) -> list[Due]:
    """The same for many, each of its next period. They are locked already."""
    facts = facts_of(session, memberships)
    zones = zones_of(session, {membership.branch_id for membership in memberships})
    raised: list[Raised] = []
    records: list[Record] = []
    for membership in memberships:
        known = facts.get(membership.id)
        period = next_period(known) if known else None
        if known is None or period is None:
            records.append(_nothing_more(membership))
            continue
        records += _move_on(membership, period, known.policy, zones[membership.branch_id])
        raised.append(Raised(membership, period, _draft(membership, period, known.policy)))
    _carry_out_changes(session, raised)
    session.flush()
    drafts = [each.draft for each in raised]
    closings = closed_at_once(session, drafts)
    asked = _asked(session, raised, {closing.due.id for closing in closings})
    write(session, drafts, closings)
    record_all(session, records)
    _leave_what_was_missed(session, raised)
    begin_all(session, asked)
    _look_for_cards(session, raised, {due.id for due, _ in asked})
    return [each.draft.due for each in raised]


def _draft(membership: Membership, period: Period, policy: Policy) -> Draft:
    return draft(
        policy=policy,
        lines=period.lines,
        kind="period",
        membership_id=membership.id,
        client_id=membership.client_id,
        payer_id=membership.payer_id,
        branch_id=membership.branch_id,
        employee_id=membership.employee_id,
        number=period.number,
        starts_on=period.days[0],
        ends_on=period.days[1],
        plan_id=period.offer.plan_id,
        terms_number=period.offer.number,
        due_on=period.due_on,
        currency=membership.currency,
    )


def _nothing_more(membership: Membership) -> Record:
    before, membership.next_due_on, membership.next_due_at = membership.next_due_on, None, None
    return changed(membership, {"next_payment_on": (before, None)})


def _move_on(membership: Membership, period: Period, policy: Policy, zone: str) -> list[Record]:
    """The membership as it is once the period is raised."""
    before = membership.state()
    membership.next_period = period.number + 1
    membership.anchor, membership.anchor_period = period.anchor, period.anchor_period
    membership.next_due_on = period.next_due_on
    membership.next_due_at = next_moment(period.next_due_on, zone, policy.charge_hour) if period.next_due_on else None
    membership.ends_on = period.ends_on
    if membership.lifecycle in ("pending", "trial"):
        membership.lifecycle = "active"
    membership.plan_id, membership.terms_number = period.offer.plan_id, period.offer.number
    changes = {name: (was, now) for name, now in membership.state().items() if (was := before[name]) != now}
    if not period.plan_changed:
        return [changed(membership, changes)]
    membership.commitment_until = commitment_until(period.offer.terms, period.days[0], membership.commitment_until)
    previous = {"previous_plan_id": before["plan_id"], "previous_terms_number": before["terms_number"]}
    record = changed(membership, changes)
    said = Saying(MEMBERSHIP_PLAN_CHANGED, membership.state() | previous)
    return [Record(record.about, record.kind, record.row_id, record.version, changes, [said])]


def next_moment(day: date, zone: str, hour: int) -> datetime:
    """When a due day is charged: its own hour or, should that be over, tomorrow's. So no day sees two charges."""
    moment = due_at(day, zone, hour)
    return moment if moment > clock.now() else due_at(clock.today(zone) + timedelta(days=1), zone, hour)


def _carry_out_changes(session: Session, raised: Sequence[Raised]) -> None:
    """Plan changes that waited for this period are done."""
    ids = [each.membership.id for each in raised if each.period.plan_changed]
    if not ids:
        return
    waiting = select(PlanChange).where(PlanChange.membership_id.in_(ids), PlanChange.state == "waiting")
    for change in session.scalars(waiting):
        change.state, change.done_at = "done", clock.now()


def _leave_what_was_missed(session: Session, raised: Sequence[Raised]) -> None:
    """By policy, with a new period the card is not asked any more for those before it, or they are let go."""
    troubled = [
        each for each in raised if each.membership.standing != "good" and each.draft.policy.arrears != "one_a_day"
    ]
    for each in troubled:
        older = session.scalars(
            select(Due)
            .where(Due.membership_id == each.membership.id, Due.kind == "period", Due.state == "open")
            .where(Due.number < each.period.number)
            .with_for_update()
        ).all()
        quiet = [due for due in older if payments.open_attempt(session, due.id) is None]
        if each.draft.policy.arrears == "none":
            close_all(session, [Closing(due, "written_off", reason="policy: arrears") for due in quiet])
        for due in quiet:
            due.retry_at = None


def _asked(session: Session, raised: Sequence[Raised], closed: Collection[UUID]) -> list[tuple[Due, Card]]:
    """Each membership's card, where it may be asked for what is owed."""
    owed = [each for each in raised if each.draft.due.state == "open" and each.draft.due.id not in closed]
    return choose(session, [(each.draft.due, each.membership.card_id) for each in owed if each.membership.card_id])


def _look_for_cards(session: Session, raised: Sequence[Raised], asked: Collection[UUID]) -> None:
    """Where the membership's own card is not asked it is another one, or the membership waits for one."""
    for each in raised:
        if each.draft.due.id not in asked:
            pay_by_card(session, each.draft.due)
