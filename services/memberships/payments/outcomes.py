"""What a gateway says of attempts, and what follows: the one function behind our own answers, webhooks and look-ups.

Twice, late, out of order or from two workers at once: the row's state decides what is news.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.cards.models import Card
from services.memberships.dues import actions as dues
from services.memberships.dues.closing import Closing, taken_by
from services.memberships.dues.failing import stands
from services.memberships.dues.models import Due
from services.memberships.gateways.declines import decline_of
from services.memberships.gateways.port import Outcome
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions, refunding
from services.memberships.payments.models import OPEN, Attempt
from services.memberships.payments.states import ATTEMPTS, after
from services.memberships.payments.steps import pause
from shared import clock
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import PAYMENT_ACTION_REQUIRED
from shared.errors import Conflict, Invalid

ASKS_CLIENT = "authentication_required"
"""How a bank refuses that wants the client to confirm: nothing is lost, the client may do so now."""
NOT_CONFIRMED = "authentication_not_handled"
"""The client has not confirmed, and cannot any more."""


@dataclass
class News:
    """Attempts whose state has changed, by what follows."""

    paid: list[tuple[Due, Attempt]] = field(default_factory=list)
    failed: list[tuple[Due, Attempt]] = field(default_factory=list)
    asked: list[tuple[Due, Attempt]] = field(default_factory=list)
    void: list[tuple[Due, Attempt]] = field(default_factory=list)


def settle(session: Session, attempt_id: UUID, outcome: Outcome) -> None:
    """Writes down how one attempt stands at the gateway."""
    settle_all(session, {attempt_id: outcome})


def settle_all(session: Session, outcomes: Mapping[UUID, Outcome]) -> None:
    """Writes down how attempts stand at the gateway, and does what follows from those for which that is news.

    Locks their memberships, then their dues, then all open attempts at these, each in the order of ids.
    """
    found = _locked(session, list(outcomes))
    news = News()
    for due, attempts in found:
        for attempt in attempts:
            if attempt.id in outcomes:
                _hear(due, attempt, outcomes[attempt.id], news)
    session.flush()
    _pay(session, news.paid, dict((due.id, attempts) for due, attempts in found))
    for due, attempt in news.failed:
        if due.state == "open":
            dues.failed(session, due, attempt)
    _ask_clients(session, news.asked)
    for due, attempt in news.void:
        if due.state == "open":
            _ask_again(session, due, attempt)
    session.flush()


def _locked(session: Session, attempt_ids: Sequence[UUID]) -> list[tuple[Due, list[Attempt]]]:
    of = select(Attempt.due_id, Due.membership_id).join(Due, Due.id == Attempt.due_id)
    pairs = session.execute(of.where(Attempt.id.in_(attempt_ids))).all()
    due_ids = {due_id for due_id, _ in pairs}
    lock_memberships(session, {membership_id for _, membership_id in pairs if membership_id})
    anew = {"populate_existing": True}
    owed = session.scalars(
        select(Due).where(Due.id.in_(due_ids)).order_by(Due.id).with_for_update().execution_options(**anew)
    ).all()
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.due_id.in_(due_ids), Attempt.id.in_(attempt_ids) | Attempt.state.in_(OPEN))
        .order_by(Attempt.id)
        .with_for_update()
        .execution_options(**anew)
    ).all()
    by_due: dict[UUID, list[Attempt]] = {due.id: [] for due in owed}
    for attempt in attempts:
        by_due[attempt.due_id].append(attempt)
    return [(due, by_due[due.id]) for due in owed]


def lock_memberships(session: Session, ids: set[UUID]) -> None:
    """In the order of ids, so that two who lock many wait for each other and never in a circle."""
    if ids:
        statement = select(Membership).where(Membership.id.in_(ids)).order_by(Membership.id).with_for_update()
        session.scalars(statement.execution_options(populate_existing=True)).all()


def _hear(due: Due, attempt: Attempt, outcome: Outcome, news: News) -> None:
    """Notes the outcome in the row."""
    before, now = attempt.state, clock.now()
    event, code = _event(attempt, outcome)
    attempt.state = after(ATTEMPTS, before, event) if event else before
    if outcome.state in ("void", "succeeded"):
        attempt.sealed_at = attempt.sealed_at or now
    looks = attempt.looks if attempt.state == before else 1
    attempt.look_at = None if attempt.state not in OPEN else now + pause(attempt.state, looks)
    attempt.client_url = outcome.client_url if attempt.state == "needs_client" else None
    if attempt.state == before:
        return
    attempt.code = code
    attempt.finished_at = None if attempt.state in OPEN else now
    lists = {"succeeded": news.paid, "declined_soft": news.failed, "declined_hard": news.failed}
    lists |= {"needs_client": news.asked, "void": news.void}
    if attempt.state in lists:
        lists[attempt.state].append((due, attempt))


def _event(attempt: Attempt, outcome: Outcome) -> tuple[str | None, str | None]:
    """What happened, in the words of the table of states, and the code of a refusal."""
    if outcome.state == "requires_confirmation":
        return None, None
    if outcome.state == "declined":
        if outcome.code == ASKS_CLIENT:
            return "needs_client", outcome.code
        return ("declined_hard" if decline_of(outcome.code).hard else "declined_soft"), outcome.code
    if outcome.state == "void" and attempt.state == "needs_client" and attempt.next_card_id is None:
        return "declined_soft", NOT_CONFIRMED
    return outcome.state, None


def _pay(session: Session, paid: Sequence[tuple[Due, Attempt]], attempts: Mapping[UUID, Sequence[Attempt]]) -> None:
    """Closes dues that are paid. Money for one that was closed already goes back; no other attempt goes on."""
    closings: dict[UUID, Closing] = {}
    for due, attempt in paid:
        if due.state in ("open", "written_off") and due.id not in closings:
            closings[due.id] = Closing(due, "card", attempt)
        else:
            refunding.give_back(session, due, attempt)
        for other in attempts[due.id]:
            if other.state in OPEN:
                actions.call_off(other)
    session.flush()
    if closings:
        dues.close_all(session, closings.values())


def _ask_clients(session: Session, asked: Sequence[tuple[Due, Attempt]]) -> None:
    """Nothing is tried until the client has confirmed, or another card is chosen."""
    records = []
    for due, attempt in asked:
        membership = session.get(Membership, due.membership_id) if due.membership_id else None
        if membership and due.kind == "period":
            records += stands(membership, "past_due", "needs_client")
        due.version += 1
        data = due.state_of_payment() | taken_by(attempt, session.get_one(Card, attempt.card_id))
        about = due.membership_id or due.client_id
        says = [Saying(PAYMENT_ACTION_REQUIRED, data)]
        records.append(Record(about, "payment", due.id, due.version, {"client_asked": (None, attempt.number)}, says))
    session.flush()
    if records:
        record_all(session, records)


def _ask_again(session: Session, due: Due, attempt: Attempt) -> None:
    """In the place of one that never came to be: by the card that was chosen, else by the same, else by another."""
    try:
        actions.begin(session, due, attempt.next_card_id or attempt.card_id, actor=attempt.actor)
    except (Conflict, Invalid):
        dues.pay_by_card(session, due)
