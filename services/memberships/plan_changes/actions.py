"""Changes a member's plan as a quote has shown, or lets it wait for the end of the period."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.dues.actions import pay_by_card, raise_due
from services.memberships.memberships.models import Membership
from services.memberships.plan_changes.changing import Facts, lines_now
from services.memberships.plan_changes.models import PlanChange
from services.memberships.quotes.actions import Taken
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, record
from shared.contracts.memberships import MEMBERSHIP_PLAN_CHANGED, MEMBERSHIP_UPDATED
from shared.errors import NotFound
from shared.ids import new_id
from shared.words import Words

NO_CHANGE = Words("No change of plan waits here.")


def change(session: Session, membership: Membership, taken: Taken) -> PlanChange:
    """`membership` is locked. Now: its invoice is written and its card asked; what it owes the client goes to the
    balance. At the end of the period: it waits, and takes the place of one that waited."""
    replaced = waiting(session, membership.id)
    if replaced:
        replaced.state = "withdrawn"
        session.flush()
    now = taken.inputs["when"] == "now"
    made = PlanChange(
        id=new_id(),
        membership_id=membership.id,
        plan_id=taken.facts.offer.plan_id,
        terms_number=taken.facts.offer.number,
        effective_on=taken.result.dates["effective_on"],
        state="done" if now else "waiting",
        created_at=clock.now(),
        created_by=current().actor_id,
        done_at=clock.now() if now else None,
    )
    session.add(made)
    if now:
        _change_now(session, membership, taken)
    else:
        _say_what_comes(session, membership, None, made)
    return made


def withdraw(session: Session, membership: Membership) -> None:
    """The member keeps their plan after all. Raises NotFound when no change waits."""
    change = waiting(session, membership.id)
    if change is None:
        raise NotFound(NO_CHANGE)
    change.state = "withdrawn"
    _say_what_comes(session, membership, change, None)


def waiting(session: Session, membership_id: UUID) -> PlanChange | None:
    return session.scalar(
        select(PlanChange).where(PlanChange.membership_id == membership_id, PlanChange.state == "waiting")
    )


def _change_now(session: Session, membership: Membership, taken: Taken) -> None:
    facts: Facts = taken.facts
    previous = {"previous_plan_id": membership.plan_id, "previous_terms_number": membership.terms_number}
    lines = lines_now(facts)
    membership.plan_id, membership.terms_number = facts.offer.plan_id, facts.offer.number
    before = {"plan_id": previous["previous_plan_id"], "terms_number": previous["previous_terms_number"]}
    membership.commitment_until = taken.result.dates["commitment_until"]
    if facts.offer.terms.interval != facts.known.offer.terms.interval and membership.next_due_on:
        membership.anchor, membership.anchor_period = membership.next_due_on, membership.next_period
    membership.version += 1
    session.flush()
    changes = {name: (was, getattr(membership, name)) for name, was in before.items()}
    _record(session, membership, changes, Saying(MEMBERSHIP_PLAN_CHANGED, membership.state() | previous))
    if lines:
        _charge(session, membership, facts, lines)


def _charge(session: Session, membership: Membership, facts: Facts, lines: Any) -> None:
    due = raise_due(
        session,
        kind="plan_change",
        membership=membership,
        client_id=membership.client_id,
        payer_id=membership.payer_id,
        branch_id=membership.branch_id,
        employee_id=membership.employee_id,
        lines=lines,
        currency=membership.currency,
        policy=facts.known.policy,
        due_on=facts.known.today,
    )
    pay_by_card(session, due)


def _say_what_comes(
    session: Session, membership: Membership, before: PlanChange | None, after: PlanChange | None
) -> None:
    membership.version += 1
    session.flush()
    changes = {"plan_to_come": tuple(one and _described(one) for one in (before, after))}
    said = Saying(MEMBERSHIP_UPDATED, membership.state() | {"changed": ["plan_to_come"]})
    _record(session, membership, changes, said)  # type: ignore[arg-type]


def _described(change: PlanChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ("plan_id", "terms_number", "effective_on")}


def _record(session: Session, membership: Membership, changes: Changes, said: Saying) -> None:
    version = membership.version
    record(session, about=membership.id, kind="membership", version=version, changes=changes, says=[said])
