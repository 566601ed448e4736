"""The next period of a membership: its days, its terms, its lines, and what comes after it. Pure.

The clock, a new membership, the forecast and the notice of a renewal all ask here, so they all say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.memberships.billing.pricing import Days, Line, period_lines
from services.memberships.billing.schedule import period_days
from services.memberships.plans.terms import Terms
from services.memberships.policies.policy import Policy


@dataclass(frozen=True)
class Offer:
    """A version of a plan's terms, and whose it is."""

    plan_id: UUID
    number: int
    terms: Terms


@dataclass(frozen=True)
class Facts:
    """All that the next period depends on."""

    offer: Offer
    policy: Policy
    anchor: date
    anchor_period: int
    number: int
    """Of the next period."""
    due_on: date
    previous_ends_on: date | None
    """The first day after the period before; None before the first."""
    paid_periods: int
    """How many periods were raised on this plan, those skipped by a freeze left out."""
    ends_on: date | None = None
    frozen: Sequence[Days] = ()
    """Days without payment."""
    discounts: Sequence[Mapping[str, Any]] = ()
    change: tuple[date, Offer] | None = None
    """A plan change that waits, and the first day on which the new plan holds."""
    then: Offer | None = None
    """What goes on when the terms are over."""


@dataclass(frozen=True)
class Period:
    """A period to be raised, and what the membership becomes by it."""

    offer: Offer
    number: int
    days: Days
    due_on: date
    lines: list[Line]
    """None when every day is frozen: the period is skipped."""
    anchor: date
    anchor_period: int
    next_due_on: date | None
    """None: no further period comes."""
    ends_on: date | None
    """The first day without the membership, when that is known."""
    plan_changed: bool


def next_period(facts: Facts) -> Period | None:
    """The next period; None when the membership is over before it."""
    offer = _offer(facts)
    if offer is None:
        return None
    facts = _counted_anew(facts, offer)
    days = _days(facts)
    if facts.ends_on and days[0] >= facts.ends_on:
        return None
    terms = offer.terms
    lines = period_lines(
        terms, facts.policy, days, facts.frozen, facts.discounts, facts.number, facts.number == 1, facts.ends_on,
        on=facts.due_on,
    )  # fmt: skip
    last = terms.ends_after_periods is not None and facts.then is None
    over = last and facts.paid_periods + bool(lines) >= (terms.ends_after_periods or 0)
    ends_on = min(filter(None, (facts.ends_on, days[1] if over else None)), default=None)
    return Period(
        offer=offer,
        number=facts.number,
        days=(days[0], min(days[1], ends_on or days[1])),
        due_on=facts.due_on,
        lines=lines,
        anchor=facts.anchor,
        anchor_period=facts.anchor_period,
        next_due_on=None if ends_on and ends_on <= days[1] else days[1],
        ends_on=ends_on,
        plan_changed=(offer.plan_id, offer.number) != (facts.offer.plan_id, facts.offer.number),
    )


def after(facts: Facts, period: Period) -> Facts | None:
    """The facts once the period is raised, for the one after it; None when none comes."""
    if period.next_due_on is None:
        return None
    same = facts.offer.plan_id == period.offer.plan_id
    return replace(
        facts,
        offer=period.offer,
        anchor=period.anchor,
        anchor_period=period.anchor_period,
        number=period.number + 1,
        due_on=period.next_due_on,
        previous_ends_on=period.days[1],
        paid_periods=(facts.paid_periods if same else 0) + bool(period.lines),
        change=None if period.plan_changed else facts.change,
        then=facts.then if same else None,
    )


def _offer(facts: Facts) -> Offer | None:
    """The terms of the next period: those of a change whose day has come, or of the plan that goes on after the end."""
    if facts.change and facts.change[0] <= _days(facts)[0]:
        return facts.change[1]
    end = facts.offer.terms.ends_after_periods
    return facts.then if end is not None and facts.paid_periods >= end else facts.offer


def _counted_anew(facts: Facts, offer: Offer) -> Facts:
    """Counted in the new terms' intervals from the day on which they begin; and from the day on which the period before
    ended, should the payment date have been moved to so long before that no day is left."""
    begins, scheduled = _days(facts)[0], _scheduled(facts)
    if offer.terms.interval == facts.offer.terms.interval and begins < scheduled[1]:
        return facts
    terms = replace(facts.offer, terms=offer.terms)
    return replace(facts, anchor=begins, anchor_period=facts.number, offer=terms)


def _days(facts: Facts) -> Days:
    """The period's days, beginning where the one before ended should its payment date have been moved before that."""
    starts, ends = _scheduled(facts)
    return max(starts, facts.previous_ends_on or starts), ends


def _scheduled(facts: Facts) -> Days:
    return period_days(facts.anchor, facts.anchor_period, facts.offer.terms.interval, facts.number)
