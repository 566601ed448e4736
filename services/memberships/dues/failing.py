"""What follows when a payment is missing: the next attempt, the membership's standing, and what is said of it."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.dunning import Step, Tried, after_failure, usable_cards
from services.memberships.billing.schedule import due_at
from services.memberships.cards.models import Card
from services.memberships.copies.models import Branch
from services.memberships.dues.asking import cards_for
from services.memberships.dues.closing import changed, taken_by
from services.memberships.dues.models import Due
from services.memberships.gateways.declines import CONFIRMATION_NEEDED, Decline, decline_of
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions as payments
from services.memberships.payments.models import Attempt
from services.memberships.policies.policy import Policy
from shared import clock
from shared.actor import current
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import MEMBERSHIP_PAST_DUE, MEMBERSHIP_SUSPENDED, PAYMENT_FAILED

EVENTS = {"past_due": MEMBERSHIP_PAST_DUE, "suspended": MEMBERSHIP_SUSPENDED}


def failed(session: Session, due: Due, attempt: Attempt) -> UUID | None:
    """Writes down what follows from a failed attempt; answers the card to be tried at once, if there is one.

    The membership, the due and the attempt are locked, and the attempt has its final state.
    """
    decline = decline_of(attempt.code)
    step = _next_step(session, due, asks_client=decline == CONFIRMATION_NEEDED)
    records = [_failed(session, due, attempt, decline, step)]
    records += _stands(session, due, step)
    session.flush()
    record_all(session, records)
    return step.card_id if step.days == 0 else None


def missing_card(session: Session, due: Due) -> None:
    """A due that no card can be asked for: the membership waits for one."""
    step = _next_step(session, due)
    _plan(session, due, step)
    due.version += 1
    records = _stands(session, due, step)
    session.flush()
    record_all(session, records)


def try_again(session: Session, due: Due) -> None:
    """The moment of a due's next attempt has come: a card is asked, or the membership that waits for one is suspended.

    By policy a membership is charged once a day: what another of its dues was tried for today is put off to tomorrow.
    """
    membership = session.get_one(Membership, due.membership_id)
    due.retry_at = None
    due.version += 1
    if payments.open_attempt(session, due.id):
        return
    if _asked_today(session, due):
        due.retry_at = _moment(session, due, 1)
        return
    cards = usable_cards(Policy.read(due.policy), tried_so_far(session, due), *cards_for(session, due))
    if cards and membership.collection != "needs_client":
        session.flush()
        payments.begin(session, due, cards[0], actor=current().actor)
        return
    collection = membership.collection if cards else "waits_for_card"
    records = stands(membership, "suspended", collection) if due.kind == "period" else []
    session.flush()
    record_all(session, records)


def _asked_today(session: Session, due: Due) -> bool:
    zone = session.get_one(Branch, due.branch_id).time_zone
    today = due_at(clock.today(zone), zone, 0)
    others = select(Attempt.id).join(Due, Due.id == Attempt.due_id).where(Due.id != due.id, Attempt.created_at >= today)
    return session.scalar(others.where(Due.membership_id == due.membership_id).limit(1)) is not None


def tried_so_far(session: Session, due: Due) -> list[Tried]:
    """The failed attempts at the due, in their order."""
    zone = ZoneInfo(session.get_one(Branch, due.branch_id).time_zone)
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.due_id == due.id, Attempt.state.in_(("declined_soft", "declined_hard")))
        .order_by(Attempt.number)
    )
    return [Tried(row.card_id, row.created_at.astimezone(zone).date(), row.state == "declined_hard") for row in rows]


def _next_step(session: Session, due: Due, *, asks_client: bool = False) -> Step:
    """A due of no membership waits for a person: who buys a gift card stands there."""
    if due.membership_id is None:
        return Step(None, None, "past_due", "gave_up")
    own, others = cards_for(session, due)
    policy = Policy.read(due.policy)
    return after_failure(policy, tried_so_far(session, due), own, others, asks_client=asks_client)


def _plan(session: Session, due: Due, step: Step) -> None:
    due.retry_at = None if not step.days else _moment(session, due, step.days)


def _moment(session: Session, due: Due, days: int) -> datetime:
    zone = session.get_one(Branch, due.branch_id).time_zone
    day: date = clock.today(zone) + timedelta(days=days)
    return due_at(day, zone, due.policy["charge_hour"])


def _failed(session: Session, due: Due, attempt: Attempt, decline: Decline, step: Step) -> Record:
    _plan(session, due, step)
    due.version += 1
    says = {
        "category": decline.category,
        "code": decline.code,
        "next_attempt_at": (due.retry_at or clock.now()) if step.card_id else None,
        "action_required": step.card_id is None,
    }
    data = due.state_of_payment() | taken_by(attempt, session.get_one(Card, attempt.card_id)) | says
    return Record(
        about=due.membership_id or due.client_id,
        kind="payment",
        row_id=due.id,
        version=due.version,
        changes={"failure": (None, decline.code)},
        says=[Saying(PAYMENT_FAILED, data)],
    )


def _stands(session: Session, due: Due, step: Step) -> list[Record]:
    """The membership's new standing and collection. A fee that fails is a debt, and changes neither."""
    if due.kind != "period" or due.membership_id is None:
        return []
    membership = session.get_one(Membership, due.membership_id)
    return stands(membership, step.standing, step.collection)


def stands(membership: Membership, standing: str, collection: str) -> list[Record]:
    """Notes where a locked membership stands; suspended it stays until it is paid."""
    standing = "suspended" if membership.standing == "suspended" else standing
    changes = {}
    if membership.collection != collection:
        changes["collection"] = (membership.collection, collection)
    if membership.standing != standing:
        changes["standing"] = (membership.standing, standing)
    said = standing if "standing" in changes else None
    membership.standing, membership.collection = standing, collection
    if not changes:
        return []
    return [changed(membership, changes, *([Saying(EVENTS[said], membership.state())] if said else ()))]
