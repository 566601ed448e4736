"""Moves members to the newest terms of their plan: for each a change of plan that waits for a period to begin.

Who has another change waiting, or is about to leave, stays as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from services.memberships.cancellations.models import Cancellation
from services.memberships.memberships.models import Membership
from services.memberships.plan_changes.models import PlanChange
from services.memberships.plan_moves.models import PlanMove
from services.memberships.plans.actions import must_sell, terms_of
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.policies.actions import policy_of
from shared import clock
from shared.actor import current
from shared.audit import Record, Saying, record, record_all
from shared.auth.principal import Principal
from shared.contracts.memberships import MEMBERSHIP_UPDATED
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked, refusing
from shared.words import Words

BATCH = 200

TOO_SOON = Words("Members are told {days} days before, so this is {earliest} at the earliest.")
NOBODY = Words("Nobody is left to move.")
RUNNING = Words("Members of this plan are being moved already.")
REFUSALS = {"uq_plan_moves_one_runs": ("plan_id", RUNNING)}

STAYS = or_(
    exists().where(PlanChange.membership_id == Membership.id, PlanChange.state == "waiting"),
    exists().where(Cancellation.membership_id == Membership.id, Cancellation.state == "waiting"),
)


@dataclass(frozen=True)
class Group:
    """The members who have one version of the terms."""

    terms_number: int
    members: int
    stay: int
    price: int
    difference: int
    """Of the price of a period, for each of them."""


def look(session: Session, plan_id: UUID, given: dict[str, Any]) -> tuple[Plan, list[Group]]:
    """Whom a move would move, and what it would change for them. Raises NotFound, Invalid."""
    plan = locked(session, Plan, plan_id, None, kind="plan", names=names_of)
    _check_notice(session, given["effective_on"])
    new = terms_of(session, plan.id, plan.terms_number)
    counted = (
        select(
            Membership.terms_number,
            func.count().filter(~STAYS),
            func.count().filter(STAYS),
            PlanTerms.terms["price"].as_integer(),
        )
        .join(PlanTerms, (PlanTerms.plan_id == plan.id) & (PlanTerms.number == Membership.terms_number))
        .where(*_to_move(plan.id, plan.terms_number, given["from_terms"]))
        .group_by(Membership.terms_number, PlanTerms.terms)
        .order_by(Membership.terms_number)
    )
    groups = [
        Group(number, members, stay, price, new.price - price)
        for number, members, stay, price in session.execute(counted)
    ]
    return plan, groups


def begin(session: Session, by: Principal, plan_id: UUID, given: dict[str, Any]) -> PlanMove:
    """Begins to move them; a worker does it, batch by batch. Raises Conflict when nobody is left, or one runs."""
    plan, groups = look(session, plan_id, given)
    must_sell(by, plan.branch_ids)
    members = sum(group.members for group in groups)
    if not members:
        raise Conflict(NOBODY, code="nobody_to_move")
    move = PlanMove(
        id=new_id(),
        plan_id=plan.id,
        terms_number=plan.terms_number,
        state="running",
        members=members,
        moved=0,
        created_at=clock.now(),
        created_by=current().actor_id,
        **given,
    )
    session.add(move)
    with refusing(REFUSALS):
        session.flush()
    what = {"move": (None, {"members": members, "terms_number": plan.terms_number, **given})}
    record(session, about=plan.id, kind="plan_move", row_id=move.id, version=1, changes=what)
    return move


def go_on(session: Session, move: PlanMove) -> None:
    """One more batch of a move, which is locked."""
    statement = (
        select(Membership, STAYS.label("stays"))
        .where(*_to_move(move.plan_id, move.terms_number, move.from_terms))
        .order_by(Membership.id)
        .limit(BATCH)
        .with_for_update(of=Membership)
    )
    if move.last_id:
        statement = statement.where(Membership.id > move.last_id)
    rows = session.execute(statement).all()
    _schedule(session, move, [row.Membership for row in rows if not row.stays])
    if len(rows) < BATCH:
        move.state, move.done_at = "done", clock.now()
    else:
        move.last_id = rows[-1].Membership.id


def _schedule(session: Session, move: PlanMove, memberships: Sequence[Membership]) -> None:
    records = []
    coming = {"plan_id": move.plan_id, "terms_number": move.terms_number, "effective_on": move.effective_on}
    for membership in memberships:
        change = {"id": new_id(), "membership_id": membership.id, "state": "waiting", "created_at": clock.now()}
        session.add(PlanChange(**change, **coming, created_by=move.created_by))
        membership.version += 1
        said = Saying(MEMBERSHIP_UPDATED, membership.state() | {"changed": ["plan_to_come"]})
        changes = {"plan_to_come": (None, coming)}
        records.append(Record(membership.id, "membership", membership.id, membership.version, changes, [said]))
    move.moved += len(memberships)
    session.flush()
    if records:
        record_all(session, records)


def _to_move(plan_id: UUID, number: int, from_terms: Sequence[int]) -> list[Any]:
    wanted = [
        Membership.plan_id == plan_id,
        Membership.terms_number < number,
        Membership.lifecycle != "ended",
        Membership.next_due_on.is_not(None),
    ]
    return [*wanted, Membership.terms_number.in_(from_terms)] if from_terms else wanted


def _check_notice(session: Session, effective_on: date) -> None:
    days = policy_of(session, None).renewal_notice_days
    earliest = clock.today("UTC") + timedelta(days=days)
    if effective_on < earliest:
        message = TOO_SOON.format(days=days, earliest=earliest)
        raise Invalid(message, fields={"effective_on": [message]})
