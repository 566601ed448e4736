"""Changing a member's plan, now or when the period is over. `compute` is pure.

Now: one invoice takes off what is unused of the plan that goes and asks for the plan that comes, both for the days that
are left of the period; the day of the change counts for the new plan. The payment dates stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.money import share
from services.memberships.billing.pricing import Days, Item, Line, taxed, total
from services.memberships.billing.schedule import period_days
from services.memberships.billing.upcoming import Offer, next_period
from services.memberships.cancellations.models import Cancellation
from services.memberships.dues.models import Due
from services.memberships.invoices.models import Invoice
from services.memberships.memberships.adding import offer_of
from services.memberships.memberships.known import Known, look
from services.memberships.plans.commitment import commitment_until
from services.memberships.plans.models import Plan
from services.memberships.quotes.act import Inputs, Result
from shared.api.fields import Shape, fields, validate
from shared.errors import Conflict, Invalid
from shared.words import Words

UNUSED = Words("{plan}, unused from {first} to {last}")
CHARGE = Words("{plan}, from {first} to {last}")

NO_PLAN = Words("There is no such plan.")
NOT_SOLD_HERE = Words("This branch does not sell this plan.")
OTHER_CURRENCY = Words("This plan is paid in {plan}, and the membership in {membership}.")
SAME = Words("The member has this plan already, by its newest terms.")
FROZEN = Words("This membership is frozen. End the freeze first.")
LEAVING = Words("This membership is about to end. Withdraw the cancellation first.")
UNPAID = Words("The current period is not paid yet. The plan can be changed when it is, or at the end of the period.")
NO_PAYMENT = Words("No payment comes any more.")

PAID = ("paid", "settled")
OWED = ("open", "disputed")


class Changing(Shape):
    membership_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True, metadata={"description": "also the member's own, for its newest terms"})
    when = fields.String(load_default="now", validate=validate.OneOf(["now", "period_end"]))


@dataclass(frozen=True)
class Covered:
    """The days that are paid for, and what was asked for them."""

    amount: int
    days: Days
    taxed_on: date
    state: str
    plan: str


@dataclass(frozen=True)
class Facts:
    known: Known
    offer: Offer
    """What the member is to have."""
    plan_name: str
    plan_version: int
    sold_here: bool
    leaving: bool
    covered: Covered | None
    """None before the first period."""

    @property
    def membership_id(self) -> UUID:
        return self.known.membership_id

    @property
    def client_id(self) -> UUID:
        return self.known.client_id

    @property
    def branch_id(self) -> UUID:
        return self.known.branch_id

    @property
    def versions(self) -> Mapping[str, Any]:
        return {**self.known.versions, "plan": self.plan_version, "new_terms": self.offer.number}


def gather(session: Session, inputs: Inputs, lock: bool) -> Facts:
    known = look(session, inputs["membership_id"], lock=lock)
    plan = session.get(Plan, inputs["plan_id"])
    if plan is None:
        raise _invalid(NO_PLAN)
    waiting = select(Cancellation.id).where(
        Cancellation.membership_id == known.membership_id, Cancellation.state == "waiting"
    )
    return Facts(
        known=known,
        offer=offer_of(session, plan.id, plan.terms_number),
        plan_name=plan.name,
        plan_version=plan.version,
        sold_here=plan.sold_at(known.branch_id),
        leaving=session.scalar(waiting) is not None,
        covered=_covered(session, known),
    )


def compute(facts: Facts, inputs: Inputs) -> Result:
    """What is taken off and asked for, and when. Raises Invalid for the plan, Conflict for where the member stands."""
    _check(facts)
    return _now(facts) if inputs["when"] == "now" else _at_the_end(facts)


def lines_now(facts: Facts) -> list[Line]:
    """The credit line and the charge line; none when no paid day is left."""
    covered, today = facts.covered, facts.known.today
    if covered is None or covered.days[1] <= today:
        return []
    if covered.state in OWED:
        raise Conflict(UNPAID, code="unpaid")
    left = (covered.days[1] - today).days
    paid = covered.amount if covered.state in PAID else 0
    unused = share(paid, left, (covered.days[1] - covered.days[0]).days)
    whole = _whole_period(facts, covered)
    charge = share(facts.offer.terms.price, left, (whole[1] - whole[0]).days)
    days = (today, covered.days[1])
    old, new = facts.known.offer.terms, facts.offer.terms
    policy = facts.known.policy
    return [
        *taxed([_item("plan_credit", UNUSED, -unused, old.tax_category, covered.plan, days)], policy, covered.taxed_on),
        *taxed([_item("plan_charge", CHARGE, charge, new.tax_category, facts.plan_name, days)], policy, today),
    ]


def _now(facts: Facts) -> Result:
    known, today = facts.known, facts.known.today
    lines = lines_now(facts)
    after = _upcoming(facts)
    return Result(
        currency=known.currency,
        lines=tuple(line.as_dict() for line in lines),
        amount=total(lines).total,
        dates={
            "effective_on": today,
            "next_payment_on": known.next_due_on,
            "commitment_until": commitment_until(facts.offer.terms, today, known.commitment_until),
        },
        more=_more(facts, after),
    )


def _at_the_end(facts: Facts) -> Result:
    known = facts.known
    after = _upcoming(facts)
    return Result(
        currency=known.currency,
        lines=tuple(line.as_dict() for line in after.lines),
        amount=0,
        dates={
            "effective_on": after.days[0],
            "next_payment_on": after.due_on,
            "commitment_until": commitment_until(facts.offer.terms, after.days[0], known.commitment_until),
        },
        more=_more(facts, after),
    )


def _more(facts: Facts, after: Any) -> dict[str, Any]:
    return {
        "plan_name": facts.plan_name,
        "terms_number": facts.offer.number,
        "price": facts.offer.terms.price,
        "previous_price": facts.known.offer.terms.price,
        "next_payment": total(after.lines).total,
    }


def _upcoming(facts: Facts) -> Any:
    """The first period of the new plan."""
    upcoming = facts.known.upcoming
    assert upcoming is not None, "checked"
    changed = replace(upcoming, change=(upcoming.due_on, facts.offer), then=None, paid_periods=0)
    period = next_period(changed)
    if period is None:
        raise Conflict(NO_PAYMENT, code="no_payment")
    return period


def _whole_period(facts: Facts, covered: Covered) -> Days:
    """Of how many days the new price is: those of the period in the same interval, else of one that begins today."""
    if facts.offer.terms.interval == facts.known.offer.terms.interval and facts.known.upcoming:
        upcoming = facts.known.upcoming
        return period_days(upcoming.anchor, upcoming.anchor_period, facts.offer.terms.interval, upcoming.number - 1)
    return period_days(facts.known.today, 1, facts.offer.terms.interval, 1)


def _check(facts: Facts) -> None:
    known = facts.known
    if facts.offer.terms.currency != known.currency:
        raise _invalid(OTHER_CURRENCY, plan=facts.offer.terms.currency, membership=known.currency)
    if not facts.sold_here and facts.offer.plan_id != known.offer.plan_id:
        raise _invalid(NOT_SOLD_HERE)
    if (facts.offer.plan_id, facts.offer.number) == (known.offer.plan_id, known.offer.number):
        raise _invalid(SAME)
    if known.lifecycle == "frozen":
        raise Conflict(FROZEN, code="frozen")
    if facts.leaving:
        raise Conflict(LEAVING, code="leaving")
    if known.upcoming is None:
        raise Conflict(NO_PAYMENT, code="no_payment")


def _covered(session: Session, known: Known) -> Covered | None:
    """What the last period and, should the plan have been changed in it, the last change asked for."""
    rows = session.execute(
        select(Due, Invoice.lines, Plan.name)
        .join(Invoice, (Invoice.due_id == Due.id) & (Invoice.kind == "invoice"))
        .outerjoin(Plan, Plan.id == Due.plan_id)
        .where(Due.membership_id == known.membership_id, Due.kind.in_(("period", "plan_change")))
        .order_by(Due.raised_at.desc(), Due.id.desc())
        .limit(1)
    ).all()
    return _read(*rows[0]) if rows else None


def _read(due: Due, lines: list[dict[str, Any]], plan: str) -> Covered | None:
    kinds = ("plan_charge",) if due.kind == "plan_change" else ("period", "discount")
    counted = [line for line in lines if line["kind"] in kinds]
    dated = [line for line in counted if line["starts_on"]]
    if not dated:
        return None
    days = date.fromisoformat(dated[0]["starts_on"]), date.fromisoformat(dated[-1]["ends_on"])
    amount = sum(line["unit"] * line["quantity"] for line in counted)
    return Covered(amount, days, due.due_on, due.state, plan)


def _item(kind: str, text: Words, amount: int, category: str, plan: str, days: Days) -> Item:
    values = {"plan": plan, "first": days[0], "last": days[1] - timedelta(days=1)}
    return Item(kind, text, amount, category, values, days=days)


def _invalid(words: Words, **values: Any) -> Invalid:
    message = words.format(**values)
    return Invalid(message, fields={"plan_id": [message]})
