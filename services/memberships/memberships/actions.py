"""What people ask of us about memberships: to start one, and to change its card, its payment date or its note."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.period import next_moment, raise_next_period
from services.memberships.billing.schedule import due_at
from services.memberships.copies.models import Branch
from services.memberships.dues.actions import new_card
from services.memberships.memberships.adding import Facts, check_card
from services.memberships.memberships.known import ENDED, Known
from services.memberships.memberships.models import Membership
from services.memberships.payments.actions import must_be_quiet
from services.memberships.policies.actions import policy_of
from services.memberships.quotes.actions import Taken
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.contracts.memberships import MEMBERSHIP_STARTED, MEMBERSHIP_UPDATED
from shared.errors import Conflict
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked

Details = dict[str, Any]


def start(session: Session, taken: Taken) -> Membership:
    """The membership that a quote has shown. One that begins today is charged for at once, in this transaction."""
    facts: Facts = taken.facts
    membership = _membership(session, facts, taken.inputs, taken.result.dates)
    session.add(membership)
    session.flush()
    about = membership.state() | membership.details() | {"discounts": membership.discounts}
    _record(session, membership, difference({}, about), Saying(MEMBERSHIP_STARTED, membership.state()))
    if membership.next_due_on == facts.today:
        raise_next_period(session, membership)
    return membership


def lock(session: Session, membership_id: UUID, expected: int | None) -> Membership:
    """The membership, locked. Raises NotFound, Stale."""
    return locked(session, Membership, membership_id, expected, kind="membership", names=names_of)


def edit(session: Session, membership: Membership, given: Details) -> None:
    """Another card or note. What is missing is asked of the new card at once. Raises Invalid, Conflict."""
    changes = difference(membership.details(), given)
    if not changes:
        return
    if membership.lifecycle == "ended" and "card_id" in changes:
        raise Conflict(ENDED, code="ended")
    if given.get("card_id") and "card_id" in changes:
        check_card(session, given["card_id"], membership.payer_id, policy_of(session, membership.branch_id))
    if "card_id" in changes:
        must_be_quiet(session, membership.id)
    for name in changes:
        setattr(membership, name, given[name])
    _changed(session, membership, changes)
    if given.get("card_id") and "card_id" in changes:
        new_card(session, membership)


def move_date(session: Session, membership: Membership, taken: Taken) -> None:
    """The payment date that a quote has shown: the anchor moves, and all later payments with it."""
    known: Known = taken.facts
    before, day = membership.next_due_on, taken.inputs["next_payment_on"]
    membership.anchor, membership.anchor_period = day, membership.next_period
    membership.next_due_on = day
    membership.next_due_at = next_moment(day, known.time_zone, known.policy.charge_hour)
    _changed(session, membership, {"next_payment_on": (before, day)})


def _membership(session: Session, facts: Facts, inputs: Details, dates: Any) -> Membership:
    zone = session.get_one(Branch, facts.branch_id).time_zone
    anchor = dates["first_payment_on"]
    begins = "trial" if facts.offer.terms.trial_days else "active"
    return Membership(
        id=new_id(),
        version=1,
        client_id=facts.client_id,
        payer_id=inputs["payer_id"] or facts.client_id,
        branch_id=facts.branch_id,
        plan_id=facts.offer.plan_id,
        terms_number=facts.offer.number,
        employee_id=inputs["employee_id"],
        card_id=inputs["card_id"],
        note=inputs["note"],
        currency=facts.currency,
        discounts=inputs["discounts"],
        sold_on=facts.today,
        starts_on=dates["starts_on"],
        trial_ends_on=dates["trial_ends_on"],
        anchor=anchor,
        anchor_period=1,
        next_period=1,
        next_due_on=anchor,
        next_due_at=due_at(anchor, zone, facts.policy.charge_hour),
        commitment_until=dates["commitment_until"],
        lifecycle=begins if dates["starts_on"] == facts.today else "pending",
        standing="good",
        collection="none",
        created_at=clock.now(),
        created_by=current().actor_id,
    )


def _changed(session: Session, membership: Membership, changes: Changes) -> None:
    membership.version += 1
    session.flush()
    data = membership.state() | {"changed": sorted(changes)}
    _record(session, membership, changes, Saying(MEMBERSHIP_UPDATED, data))


def _record(session: Session, membership: Membership, changes: Changes, said: Saying) -> None:
    version = membership.version
    record(session, about=membership.id, kind="membership", version=version, changes=changes, says=[said])
