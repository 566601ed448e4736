"""What follows when a due is closed, by whatever means: standing, credits, gift cards, and what is said of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session

from services.memberships.billing.schedule import due_at, period_days
from services.memberships.cards.models import Card
from services.memberships.copies.models import Branch
from services.memberships.credits import actions as credits
from services.memberships.dues.models import Due
from services.memberships.gift_cards import actions as gift_cards
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import OPEN, Attempt
from services.memberships.plans.models import PlanTerms
from services.memberships.plans.terms import Terms
from services.memberships.policies.policy import Policy
from shared import clock
from shared.audit import Changes, Record, Saying, record_all
from shared.contracts.memberships import (
    MEMBERSHIP_REACTIVATED,
    MEMBERSHIP_RENEWED,
    PAYMENT_SETTLED,
    PAYMENT_SUCCEEDED,
)

STATES = {"card": "paid", "written_off": "written_off"}
"""By tender; every other one has settled the due."""


@dataclass
class Closing:
    """A due that is closed now: by the attempt that succeeded, or by another tender.

    `tender` is card, cash, terminal, transfer, balance, written_off, or nothing when nothing was to be paid.
    """

    due: Due
    tender: str
    attempt: Attempt | None = None
    reference: str | None = None
    reason: str | None = None


@dataclass
class Arrears:
    """What else a membership owes while one of its periods is paid."""

    quiet: list[Due] = field(default_factory=list)
    """Open periods with no attempt under way, oldest first."""
    busy: int = 0
    """Open periods with one."""


def close_all(session: Session, closings: Iterable[Closing]) -> None:
    """Closes dues and does what follows. Their memberships, and then they themselves, are locked by the caller."""
    closings = list(closings)
    memberships = _memberships(session, [each.due for each in closings])
    arrears = _arrears(session, memberships.values(), [each.due for each in closings])
    closings += _let_go(closings, arrears)
    cards = _cards(session, closings)
    records = [_closed(each, cards) for each in closings]
    for each in closings:
        if (membership := memberships.get(each.due.membership_id)) is not None:
            records += _goes_on(session, membership, each, arrears[membership.id])
    session.flush()
    record_all(session, records)
    _hand_over(session, closings, memberships)


def _memberships(session: Session, dues: Sequence[Due]) -> dict[UUID | None, Membership]:
    ids = {due.membership_id for due in dues if due.membership_id}
    return {row.id: row for row in session.scalars(select(Membership).where(Membership.id.in_(ids)))} if ids else {}


def _cards(session: Session, closings: Sequence[Closing]) -> dict[UUID, Card]:
    ids = {each.attempt.card_id for each in closings if each.attempt}
    return {card.id: card for card in session.scalars(select(Card).where(Card.id.in_(ids)))} if ids else {}


def _arrears(session: Session, memberships: Iterable[Membership], closing: Sequence[Due]) -> dict[UUID | None, Arrears]:
    """What those memberships owe besides. Only one that is not in good standing is looked at."""
    found: dict[UUID | None, Arrears] = {membership.id: Arrears() for membership in memberships}
    troubled = [membership.id for membership in memberships if membership.standing != "good"]
    if not troubled:
        return found
    attempt_open = exists().where(Attempt.due_id == Due.id, Attempt.state.in_(OPEN))
    owed = (
        select(Due, attempt_open)
        .where(Due.membership_id.in_(troubled), Due.kind == "period", Due.state == "open")
        .where(Due.id.not_in([due.id for due in closing]))
        .order_by(Due.number)
        .with_for_update(of=Due)
    )
    for due, busy in session.execute(owed):
        if busy:
            found[due.membership_id].busy += 1
        else:
            found[due.membership_id].quiet.append(due)
    return found


def _let_go(closings: Sequence[Closing], arrears: Mapping[UUID | None, Arrears]) -> list[Closing]:
    """By policy, with the latest period paid those before it are not asked for any more."""
    gone = []
    for each in closings:
        due = each.due
        if due.kind != "period" or due.membership_id is None or due.policy["arrears"] == "one_a_day":
            continue
        owed = arrears[due.membership_id]
        older = [other for other in owed.quiet if (other.number or 0) < (due.number or 0)]
        owed.quiet = [other for other in owed.quiet if other not in older]
        gone += [Closing(other, "written_off", reason="policy: arrears") for other in older]
    return gone


def _closed(closing: Closing, cards: dict[UUID, Card]) -> Record:
    due = closing.due
    before = due.state
    due.state = STATES.get(closing.tender, "settled")
    due.tender = closing.tender if closing.tender not in ("written_off", "nothing") else None
    due.reference = closing.attempt.gateway_id if closing.attempt else closing.reference
    due.retry_at = None
    due.closed_at = clock.now()
    due.version += 1
    return Record(
        about=due.membership_id or due.client_id,
        kind="payment",
        row_id=due.id,
        version=due.version,
        changes={"state": (before, due.state), "tender": (None, due.tender)},
        says=[_said(closing, cards)],
        reason=closing.reason,
    )


def _said(closing: Closing, cards: dict[UUID, Card]) -> Saying:
    state = closing.due.state_of_payment()
    if closing.attempt is None:
        return Saying(PAYMENT_SETTLED, state | {"tender": closing.tender})
    return Saying(PAYMENT_SUCCEEDED, state | taken_by(closing.attempt, cards[closing.attempt.card_id]))


def taken_by(attempt: Attempt, card: Card) -> dict[str, object]:
    """What events say of an attempt and its card."""
    return {"attempt": attempt.number, "card_brand": card.brand, "card_last_four": card.last_four}


def _goes_on(session: Session, membership: Membership, closing: Closing, owed: Arrears) -> list[Record]:
    """The membership after one of its dues was closed: in good standing, once nothing is missing."""
    due = closing.due
    records = []
    if due.kind == "period":
        policy = Policy.read(due.policy)
        if policy.late_payment_moves_date and due.state != "written_off":
            _move_date(session, membership, due)
        if owed.quiet and policy.arrears == "one_a_day":
            _ask_tomorrow(session, owed.quiet[0], policy)
        if membership.standing != "good" and not owed.quiet and not owed.busy:
            changes = {"standing": (membership.standing, "good"), "collection": (membership.collection, "none")}
            membership.standing, membership.collection = "good", "none"
            records.append(changed(membership, changes, Saying(MEMBERSHIP_REACTIVATED, membership.state())))
        if due.state in ("paid", "settled"):
            paid = {
                "payment_id": due.id,
                "period": due.number,
                "period_starts_on": due.starts_on,
                "period_ends_on": due.ends_on,
            }
            records.append(changed(membership, {}, Saying(MEMBERSHIP_RENEWED, membership.state() | paid)))
    return records


def changed(membership: Membership, changes: Changes, *says: Saying) -> Record:
    """A change of a locked membership, as its new version."""
    membership.version += 1
    return Record(membership.id, "membership", membership.id, membership.version, changes, says)


def _move_date(session: Session, membership: Membership, due: Due) -> None:
    """By policy, a late payment begins the period anew: the next one comes a whole interval after it."""
    zone = session.get_one(Branch, membership.branch_id).time_zone
    paid_on = clock.today(zone)
    if due.number != membership.next_period - 1 or paid_on <= due.due_on or membership.next_due_on is None:
        return
    terms = session.get_one(PlanTerms, (membership.plan_id, membership.terms_number)).read()
    membership.anchor, membership.anchor_period = paid_on, due.number
    due.ends_on = period_days(paid_on, due.number, terms.interval, due.number)[1]
    membership.next_due_on = due.ends_on
    membership.next_due_at = due_at(due.ends_on, zone, due.policy["charge_hour"])


def _ask_tomorrow(session: Session, due: Due, policy: Policy) -> None:
    """By policy, what else is owed is asked for one a day."""
    zone = session.get_one(Branch, due.branch_id).time_zone
    due.retry_at = due_at(clock.today(zone) + timedelta(days=1), zone, policy.charge_hour)


def _hand_over(session: Session, closings: Sequence[Closing], memberships: dict[UUID | None, Membership]) -> None:
    """What was paid for: the credits of periods, or gift cards that can be used now."""
    paid = [each.due for each in closings if each.due.state != "written_off"]
    periods = [due for due in paid if due.kind == "period"]
    named = {(due.plan_id, due.terms_number) for due in periods}
    wanted = select(PlanTerms).where(tuple_(PlanTerms.plan_id, PlanTerms.number).in_(named))
    found = session.scalars(wanted).all() if named else ()
    terms: dict[tuple[UUID | None, int | None], Terms] = {(row.plan_id, row.number): row.read() for row in found}
    earned = [(memberships[due.membership_id], due, terms[due.plan_id, due.terms_number]) for due in periods]
    credits.issue_all(session, earned)
    for due in paid:
        if due.kind == "gift_card":
            gift_cards.activate(session, due)
