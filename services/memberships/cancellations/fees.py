"""What leaving costs, and how it came about. Pure.

The rule is that of the terms in force. It is reckoned on the recurring price, never asks for more than the periods
that are left of the commitment, and what is charged during the notice is taken off it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.memberships.billing.money import share
from services.memberships.plans.terms import CancellationRule, Terms
from shared.words import Words

COOLING_OFF = Words("Within {days} days of the sale: no fee, and what was not used is given back.")
NO_RULE = Words("The plan asks for no fee.")
SOON = Words("Within {days} days of the sale: no fee.")
LOYAL = Words("After {payments} payments: no fee.")
FIXED = Words("The plan's fee: {amount}.")
PERIODS = Words("The price of {periods} periods: {amount}.")
SHARE = Words("{share} % of the {left} periods that are left of the commitment: {amount}.")
FULFILLED = Words("The commitment is fulfilled: no fee.")
NO_MORE = Words("No more than the {left} periods that are left of the commitment: {amount}.")
TAKEN_OFF = Words("Less what is charged until then: {amount}.")
WAIVED = Words("Waived.")


@dataclass(frozen=True)
class Leaving:
    """What the fee depends on; amounts are as prices are."""

    terms: Terms
    sold_on: date
    today: date
    cooling_off_days: int
    payments: int
    """How many periods were paid."""
    periods_left: int
    """Of the commitment, from the first one that is not billed yet."""
    charged_until_then: int
    """What is still billed before the last day."""
    waived: bool

    @property
    def cooling_off(self) -> bool:
        return self.today < self.sold_on + timedelta(self.cooling_off_days)


@dataclass(frozen=True)
class Fee:
    amount: int
    """As prices are: with tax or without."""
    unwaived: int
    explanation: tuple[Mapping[str, Any], ...]
    """`{"text", "values"}`, a sentence each, in the order in which it came about."""


def fee(leaving: Leaving) -> Fee:
    amount, steps = _by_rule(leaving)
    if amount and leaving.charged_until_then:
        off = min(amount, leaving.charged_until_then)
        amount -= off
        steps.append(_step(TAKEN_OFF, amount=_money(leaving, off)))
    if amount and leaving.waived:
        return Fee(0, amount, (*steps, _step(WAIVED)))
    return Fee(amount, amount, tuple(steps))


def _by_rule(leaving: Leaving) -> tuple[int, list[dict[str, Any]]]:
    rule = leaving.terms.cancellation
    if (free := _free(leaving, rule)) is not None:
        return 0, [free]
    wanted, step = _wanted(leaving, rule)
    most = leaving.periods_left * leaving.terms.price
    if not leaving.terms.commitment_periods or wanted <= most:
        return wanted, [step]
    return most, [step, _step(NO_MORE, left=leaving.periods_left, amount=_money(leaving, most))]


def _free(leaving: Leaving, rule: CancellationRule) -> dict[str, Any] | None:
    """Why nothing is asked for, if nothing is."""
    if leaving.cooling_off:
        return _step(COOLING_OFF, days=leaving.cooling_off_days)
    if rule.kind == "none":
        return _step(NO_RULE)
    if rule.waived_within_days and leaving.today < leaving.sold_on + timedelta(rule.waived_within_days):
        return _step(SOON, days=rule.waived_within_days)
    if rule.waived_after_payments and leaving.payments >= rule.waived_after_payments:
        return _step(LOYAL, payments=rule.waived_after_payments)
    if leaving.terms.commitment_periods and not leaving.periods_left:
        return _step(FULFILLED)
    return None


def _wanted(leaving: Leaving, rule: CancellationRule) -> tuple[int, dict[str, Any]]:
    price, left = leaving.terms.price, leaving.periods_left
    if rule.kind == "fixed":
        return rule.amount, _step(FIXED, amount=_money(leaving, rule.amount))
    if rule.kind == "periods":
        amount = rule.periods * price
        return amount, _step(PERIODS, periods=rule.periods, amount=_money(leaving, amount))
    amount = share(left * price, rule.share, 100)
    return amount, _step(SHARE, share=rule.share, left=left, amount=_money(leaving, amount))


def _step(text: Words, **values: Any) -> dict[str, Any]:
    return {"text": str(text), "values": values}


def _money(leaving: Leaving, amount: int) -> dict[str, Any]:
    return {"minor": amount, "currency": leaving.terms.currency}
