"""What a cancellation does: its last day, its fee, what lapses, what is given back. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, takewhile
from typing import Any
from uuid import UUID

from services.memberships.billing.money import share
from services.memberships.billing.outlook import periods
from services.memberships.billing.pricing import Days, Item, Line, taxed, total
from services.memberships.billing.schedule import period_days
from services.memberships.billing.upcoming import Period
from services.memberships.billing.wording import day
from services.memberships.cancellations.fees import Fee, Leaving, fee
from services.memberships.memberships.known import Known
from services.memberships.quotes.act import Inputs, Result
from shared.errors import Conflict, Invalid
from shared.words import Words

WAIVE = "memberships.waive_fee"
FEE = Words("Cancellation fee")
MOST_PERIODS = 600
"""Nobody commits to more."""

ALREADY = Words("This membership ends on {ends_on} already. Withdraw that first.")
NO_REASON = Words("Say why the fee is waived.")
AT = ("now", "period_end")


@dataclass(frozen=True)
class Paid:
    """A period that goes on after today and was paid."""

    due_id: UUID
    days: Days
    left: int
    """What of its amount was not given back yet."""
    issued: int
    used: int
    """Credits of it."""


@dataclass(frozen=True)
class Facts:
    known: Known
    waits_until: date | None
    """The last day of a cancellation that waits already."""
    paid_until: date | None
    """The first day after the last period that was billed."""
    payments: int
    arrears: int
    paid: tuple[Paid, ...]
    lapsing: tuple[dict[str, Any], ...]
    """Credits that are left: `{"service_id", "category", "available"}`."""

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
    def versions(self) -> dict[str, object]:
        return dict(self.known.versions)


def cancel(facts: Facts, inputs: Inputs) -> Result:
    """What leaving means. Raises Conflict for a second time, Invalid for a waiver without a reason."""
    if facts.waits_until is not None:
        raise Conflict(ALREADY.format(ends_on=day(facts.waits_until)), code="cancelled_already")
    if inputs["waive"] and not inputs["waive_reason"]:
        message = NO_REASON.format()
        raise Invalid(message, fields={"waive_reason": [message]})
    ends_on = last_day(facts, inputs["at"])
    found = fee_of(facts, ends_on, inputs["waive"])
    lines = fee_lines(facts, found)
    asked = total(lines).total if lines else 0
    waived = bool(found.unwaived and inputs["waive"])
    back = refunds(facts, ends_on)
    return Result(
        currency=facts.known.currency,
        lines=tuple(line.as_dict() for line in lines),
        amount=asked if ends_on <= facts.known.today else 0,
        dates={"ends_on": ends_on, "last_day": ends_on - timedelta(1), "fee_on": ends_on if asked else None},
        more={
            "fee": asked,
            "fee_unwaived": _with_tax(facts, found.unwaived),
            "waived": waived,
            "explanation": list(found.explanation),
            "cooling_off": _leaving(facts, ends_on, waived=False).cooling_off,
            "charged_until_then": [
                {"period": period.number, "due_on": period.due_on, "amount": total(period.lines).total}
                for period in charged_until(facts, ends_on)
            ],
            "arrears": facts.arrears,
            "lapsing": list(facts.lapsing),
            "refund": sum(amount for _, amount in back),
            "choices": [_choice(facts, at) for at in AT],
        },
        needs=(WAIVE,) if waived else (),
    )


def last_day(facts: Facts, at: str) -> date:
    """The first day without the membership: after the notice, at once or when the period is over."""
    known = facts.known
    notice = 0 if _cooling_off(known) else known.offer.terms.notice_days
    earliest = known.today + timedelta(notice)
    if known.ends_on:
        earliest = min(earliest, known.ends_on)
    return earliest if at == "now" else _end_of_period(facts, earliest)


def charged_until(facts: Facts, ends_on: date) -> list[Period]:
    """The periods that are still billed before the last day."""
    if facts.known.upcoming is None:
        return []
    until = replace(facts.known.upcoming, ends_on=ends_on)
    coming = takewhile(lambda period: period.days[0] < ends_on, islice(periods(until), MOST_PERIODS))
    return [period for period in coming if period.lines]


def fee_of(facts: Facts, ends_on: date, waive: bool) -> Fee:
    return fee(_leaving(facts, ends_on, waived=waive))


def fee_lines(facts: Facts, found: Fee) -> list[Line]:
    return _lines(facts, found.amount) if found.amount else []


def refunds(facts: Facts, ends_on: date) -> list[tuple[UUID, int]]:
    """Within the cooling-off: what is given back of each payment, less what was used of its days or its credits."""
    if not _cooling_off(facts.known) or ends_on > facts.known.today:
        return []
    given = [(paid.due_id, paid.left - _used(paid, ends_on)) for paid in facts.paid]
    return [(due_id, amount) for due_id, amount in given if amount > 0]


def _used(paid: Paid, ends_on: date) -> int:
    starts, ends = paid.days
    by_days = share(paid.left, max(0, (ends_on - starts).days), (ends - starts).days)
    by_credits = share(paid.left, paid.used, paid.issued) if paid.issued else 0
    return max(by_days, by_credits)


def _choice(facts: Facts, at: str) -> dict[str, Any]:
    ends_on = last_day(facts, at)
    asked = fee_of(facts, ends_on, waive=False).amount
    return {
        "at": at,
        "ends_on": ends_on,
        "fee": _with_tax(facts, asked),
        "refund": sum(amount for _, amount in refunds(facts, ends_on)),
    }


def _leaving(facts: Facts, ends_on: date, waived: bool) -> Leaving:
    known = facts.known
    included = known.policy.prices_include_tax
    coming = [total(period.lines) for period in charged_until(facts, ends_on)]
    return Leaving(
        terms=known.offer.terms,
        sold_on=known.sold_on,
        today=known.today,
        cooling_off_days=known.policy.cooling_off_days,
        payments=facts.payments,
        periods_left=_periods_left(known),
        charged_until_then=sum(each.total if included else each.net for each in coming),
        waived=waived,
    )


def _periods_left(known: Known) -> int:
    """Periods of the commitment that are not billed yet."""
    upcoming, until = known.upcoming, known.commitment_until
    if upcoming is None or until is None:
        return 0
    interval = known.offer.terms.interval
    starts = (
        period_days(upcoming.anchor, upcoming.anchor_period, interval, upcoming.number + step)[0]
        for step in range(MOST_PERIODS)
    )
    return sum(1 for _ in takewhile(lambda start: start < until, starts))


def _end_of_period(facts: Facts, earliest: date) -> date:
    """The first end of a period on that day or later."""
    if facts.paid_until and facts.paid_until >= earliest:
        return facts.paid_until
    if facts.known.upcoming is None:
        return facts.known.ends_on or earliest
    if facts.paid_until is None and facts.known.upcoming.due_on >= earliest:
        return facts.known.upcoming.due_on  # before the first payment: in the trial, or before it begins
    coming = islice(periods(facts.known.upcoming), MOST_PERIODS)
    return next((period.days[1] for period in coming if period.days[1] >= earliest), earliest)


def _cooling_off(known: Known) -> bool:
    return known.today < known.sold_on + timedelta(known.policy.cooling_off_days)


def _lines(facts: Facts, amount: int) -> list[Line]:
    known = facts.known
    item = Item("cancellation_fee", FEE, amount, known.offer.terms.tax_category)
    return taxed([item], known.policy, known.today)


def _with_tax(facts: Facts, amount: int) -> int:
    return total(_lines(facts, amount)).total if amount else 0
