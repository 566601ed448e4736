"""Adding a membership (P21): what it takes, what it looks at, and what it will cost. `compute` is pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marshmallow import validates_schema
from sqlalchemy.orm import Session

from services.memberships.balances.models import Balance
from services.memberships.billing.pricing import total
from services.memberships.billing.upcoming import Facts as Upcoming
from services.memberships.billing.upcoming import Offer, next_period
from services.memberships.cards.models import Card
from services.memberships.copies.models import Branch, Client, Employee
from services.memberships.plans.commitment import commitment_until
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.policies.actions import policy_of
from services.memberships.policies.policy import Policy
from services.memberships.quotes.act import Inputs, Result
from shared import clock
from shared.api.fields import Shape, Text, ValidationError, between, fields, validate
from shared.errors import Conflict, Invalid
from shared.words import Words

AHEAD = 366
"""Days from today on which a membership can begin."""

ONE_OF_BOTH = Words("Name either a percentage or an amount.")
NO_CLIENT = Words("This client is not known here yet. Someone who was just registered is in a moment: try again then.")
ARCHIVED = Words("This client is archived.")
NO_BRANCH = Words("There is no such branch.")
NO_EMPLOYEE = Words("There is no such employee.")
NO_PLAN = Words("There is no such plan.")
NOT_SOLD_HERE = Words("This branch does not sell this plan.")
OTHER_CURRENCY = Words("This plan is paid in {plan}, and this branch takes {branch}.")
NOT_THEIR_CARD = Words("This is not a card of who pays.")
OTHER_ACCOUNT = Words("This card is kept at another gateway account than the branch's. Add it here again.")
IN_THE_PAST = Words("This is in the past. Today at the branch is {today}.")
TOO_FAR = Words("This is more than a year ahead.")


class Discount(Shape):
    from_period = fields.Integer(load_default=1, validate=between(1, 600))
    periods = fields.Integer(load_default=None, allow_none=True, validate=between(1, 600))
    percent = fields.Integer(load_default=None, allow_none=True, validate=between(1, 100))
    amount = fields.Integer(load_default=None, allow_none=True, validate=between(1, 100_000_000))
    reason = Text(200, required=True)

    @validates_schema
    def check(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data.get("percent") is None) == (data.get("amount") is None):
            raise ValidationError({"percent": [ONE_OF_BOTH.format()]})


class Adding(Shape):
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    employee_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "who sells it"})
    card_id = fields.UUID(load_default=None, allow_none=True)
    payer_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "by default the client"})
    starts_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "by default today"})
    note = Text(2000, lines=True, empty=True, load_default="")
    discounts = fields.List(fields.Nested(Discount), load_default=list, validate=validate.Length(max=10))


@dataclass(frozen=True)
class Facts:
    client_id: UUID
    branch_id: UUID
    currency: str
    """The branch's."""
    offer: Offer
    plan_version: int
    sold_here: bool
    then: Offer | None
    policy: Policy
    today: date
    balance: int
    blocked: bool
    membership_id: UUID | None = None

    @property
    def versions(self) -> Mapping[str, Any]:
        return {"plan": self.plan_version, "terms": self.offer.number}


def gather(session: Session, inputs: Inputs, lock: bool) -> Facts:
    """Raises Invalid by field for what is not there, Conflict for a client who is archived."""
    client = _client(session, "client_id", inputs["client_id"])
    payer = _client(session, "payer_id", inputs["payer_id"] or client.id)
    branch = session.get(Branch, inputs["branch_id"])
    plan = session.get(Plan, inputs["plan_id"])
    if branch is None or not branch.active:
        raise _invalid("branch_id", NO_BRANCH)
    if plan is None:
        raise _invalid("plan_id", NO_PLAN)
    if inputs["employee_id"] and session.get(Employee, inputs["employee_id"]) is None:
        raise _invalid("employee_id", NO_EMPLOYEE)
    policy = policy_of(session, branch.id)
    _check_card(session, inputs["card_id"], payer.id, policy)
    offer = offer_of(session, plan.id, plan.terms_number)
    balance = session.query(Balance).filter_by(client_id=payer.id, currency=branch.currency).one_or_none()
    return Facts(
        client_id=client.id,
        branch_id=branch.id,
        currency=branch.currency,
        offer=offer,
        plan_version=plan.version,
        sold_here=plan.sold_at(branch.id),
        then=then_of(session, offer),
        policy=policy,
        today=clock.today(branch.time_zone),
        balance=balance.amount if balance else 0,
        blocked=client.booking_blocked,
    )


def compute(facts: Facts, inputs: Inputs) -> Result:
    """The first period's lines, and every date that follows from the first day. Raises Invalid."""
    _check_sale(facts)
    starts_on = _first_day(facts, inputs)
    upcoming = first_period(facts, inputs)
    period = next_period(upcoming)
    assert period is not None, "a membership that begins has a first period"
    first, due_now = total(period.lines).total, period.due_on == facts.today
    used = min(max(facts.balance, 0), first) if facts.policy.use_balance_first else 0
    return Result(
        currency=facts.currency,
        lines=tuple(line.as_dict() for line in period.lines),
        amount=first - used if due_now else 0,
        dates={
            "starts_on": starts_on,
            "trial_ends_on": period.due_on if facts.offer.terms.trial_days else None,
            "first_payment_on": period.due_on,
            "next_payment_on": period.next_due_on,
            "commitment_until": commitment_until(facts.offer.terms, period.due_on),
            "ends_on": period.ends_on,
        },
        more={
            "terms_number": facts.offer.number,
            "first_payment": first,
            "price": facts.offer.terms.price,
            "from_balance": used,
            "needs_card": inputs["card_id"] is None and first > used,
            "warnings": ["booking_blocked"] if facts.blocked else [],
        },
    )


def first_period(facts: Facts, inputs: Inputs) -> Upcoming:
    """What the first period depends on: it begins when the trial is over."""
    anchor = _first_day(facts, inputs) + timedelta(days=facts.offer.terms.trial_days)
    return Upcoming(
        offer=facts.offer,
        policy=facts.policy,
        anchor=anchor,
        anchor_period=1,
        number=1,
        due_on=anchor,
        previous_ends_on=None,
        paid_periods=0,
        discounts=inputs["discounts"],
        then=facts.then,
    )


def offer_of(session: Session, plan_id: UUID, number: int) -> Offer:
    return Offer(plan_id, number, session.get_one(PlanTerms, (plan_id, number)).read())


def then_of(session: Session, offer: Offer) -> Offer | None:
    """What goes on after the end of the terms: the newest of that plan."""
    if offer.terms.then_plan_id is None:
        return None
    plan = session.get_one(Plan, UUID(offer.terms.then_plan_id))
    return offer_of(session, plan.id, plan.terms_number)


def _first_day(facts: Facts, inputs: Inputs) -> date:
    starts_on: date = inputs["starts_on"] or facts.today
    if starts_on < facts.today:
        raise _invalid("starts_on", IN_THE_PAST, today=facts.today)
    if (starts_on - facts.today).days > AHEAD:
        raise _invalid("starts_on", TOO_FAR)
    return starts_on


def _check_sale(facts: Facts) -> None:
    if facts.offer.terms.currency != facts.currency:
        raise _invalid("plan_id", OTHER_CURRENCY, plan=facts.offer.terms.currency, branch=facts.currency)
    if not facts.sold_here:
        raise _invalid("plan_id", NOT_SOLD_HERE)


def _client(session: Session, field: str, client_id: UUID) -> Client:
    client = session.get(Client, client_id)
    if client is None:
        raise _invalid(field, NO_CLIENT)
    if client.archived:
        raise Conflict(ARCHIVED, code="client_archived", fields={field: [ARCHIVED.format()]})
    return client


def check_card(session: Session, card_id: UUID, payer_id: UUID, policy: Policy) -> None:
    """Raises Invalid unless it is a card of who pays, on file where the branch's money goes."""
    card = session.get(Card, card_id)
    if card is None or card.removed_at is not None or card.client_id != payer_id:
        raise _invalid("card_id", NOT_THEIR_CARD)
    if card.account != policy.account:
        raise _invalid("card_id", OTHER_ACCOUNT)


def _check_card(session: Session, card_id: UUID | None, payer_id: UUID, policy: Policy) -> None:
    if card_id is not None:
        check_card(session, card_id, payer_id, policy)


def _invalid(field: str, words: Words, **values: Any) -> Invalid:
    message = words.format(**values)
    return Invalid(message, fields={field: [message]})
