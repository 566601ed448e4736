"""What is asked for, line by line, and the tax in it. Pure: terms, policy and days in, lines out.

A price is what the terms say, with tax or without as the branch's policy says. Tax is rounded half up for each line,
and the last line of a rate takes what is left of the tax on their sum: so the lines add up to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from services.memberships.billing.money import half_up, per_cent, share, split
from services.memberships.plans.terms import Terms
from services.memberships.policies.policy import Policy
from shared.words import Words

Days = tuple[date, date]
"""The first day, and the first day after."""

MEMBERSHIP = Words("Membership from {first} to {last}")
SIGN_UP = Words("Sign-up fee")
DISCOUNT = Words("Discount")
DISCOUNT_PER_CENT = Words("Discount of {percent} %")


@dataclass(frozen=True)
class Item:
    """Something to be asked for, before its tax is known."""

    kind: str
    """period, sign_up, discount; and whatever a fee or a plan change calls its own."""
    text: str
    """Words in English, said in the reader's language with the values in their places."""
    amount: int
    """As prices are: with tax or without, by policy. Negative for what is taken off."""
    tax_category: str = "standard"
    values: dict[str, Any] = field(default_factory=dict)
    quantity: int = 1
    days: Days | None = None


@dataclass(frozen=True)
class Line:
    """An item as an invoice shows it: `net + tax = gross`."""

    kind: str
    text: str
    values: dict[str, Any]
    quantity: int
    unit: int
    """The price of one, as prices are."""
    net: int
    tax: int
    gross: int
    tax_category: str
    tax_rate: str
    starts_on: date | None
    ends_on: date | None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Totals:
    net: int
    tax: int
    total: int
    taxes: list[dict[str, Any]]
    """`{"category", "rate", "net", "tax"}`, one for each rate."""


def period_lines(
    terms: Terms,
    policy: Policy,
    days: Days,
    frozen: Sequence[Days] = (),
    discounts: Sequence[Mapping[str, Any]] = (),
    number: int = 1,
    first: bool = False,
    until: date | None = None,
    on: date | None = None,
) -> list[Line]:
    """The lines of a period; none when every day of it is frozen.

    `until`, when the membership ends within it, is the first day without. Tax is that of the day `on`, by default the
    period's first.
    """
    items = period_items(terms, days, frozen, discounts, number, first, until)
    return taxed(items, policy, on or days[0])


def period_items(
    terms: Terms,
    days: Days,
    frozen: Sequence[Days],
    discounts: Sequence[Mapping[str, Any]],
    number: int,
    first: bool,
    until: date | None = None,
) -> list[Item]:
    """What a period costs before tax. A frozen day is in no line, and a discount takes no more than there is."""
    charged = without(days if until is None else (days[0], min(days[1], until)), frozen)
    if not charged:
        return []
    lengths = [(ends - starts).days for starts, ends in charged]
    price = share(terms.price, sum(lengths), (days[1] - days[0]).days)
    amounts = split(price, lengths)
    items = [_membership(terms, part, amount) for part, amount in zip(charged, amounts, strict=True)]
    items += _discounts(terms, discounts, number, price)
    if first and terms.sign_up_fee:
        items.append(Item("sign_up", SIGN_UP, terms.sign_up_fee, terms.tax_category))
    return items


def without(days: Days, frozen: Sequence[Days]) -> list[Days]:
    """What is left of the days, in order, when the frozen ranges are taken out."""
    left = [days] if days[0] < days[1] else []
    for frozen_from, frozen_until in frozen:
        cut = [((starts, min(ends, frozen_from)), (max(starts, frozen_until), ends)) for starts, ends in left]
        left = [part for parts in cut for part in parts if part[0] < part[1]]
    return left


def _membership(terms: Terms, days: Days, amount: int) -> Item:
    values = {"first": days[0], "last": days[1] - timedelta(days=1)}
    return Item("period", MEMBERSHIP, amount, terms.tax_category, values, days=days)


def _discounts(terms: Terms, discounts: Sequence[Mapping[str, Any]], number: int, price: int) -> list[Item]:
    items, left = [], price
    for discount in discounts:
        if not _holds(discount, number):
            continue
        percent = discount.get("percent")
        wanted = half_up(price * per_cent(percent)) if percent else int(discount.get("amount") or 0)
        taken = min(wanted, left)
        left -= taken
        text, values = (DISCOUNT_PER_CENT, {"percent": str(percent)}) if percent else (DISCOUNT, {})
        items.append(Item("discount", text, -taken, terms.tax_category, values))
    return items


def _holds(discount: Mapping[str, Any], number: int) -> bool:
    begins, periods = discount["from_period"], discount.get("periods")
    return begins <= number and (periods is None or number < begins + periods)


def rate_of(policy: Policy, category: str, on: date) -> str:
    """The rate of tax, in per cent, that holds for the category on that day; "0" when the policy names none."""
    begun = [tax for tax in policy.taxes if tax.category == category and date.fromisoformat(tax.since) <= on]
    return max(begun, key=lambda tax: tax.since).rate if begun else "0"


def taxed(items: Sequence[Item], policy: Policy, on: date) -> list[Line]:
    """The items with the tax of that day."""
    rates = {item.tax_category: rate_of(policy, item.tax_category, on) for item in items}
    taxes: dict[int, int] = {}
    for category, rate in rates.items():
        places = [place for place, item in enumerate(items) if item.tax_category == category]
        amounts = [items[place].amount for place in places]
        taxes |= zip(places, _tax_of_each(amounts, rate, policy.prices_include_tax), strict=True)
    return [
        _line(item, rates[item.tax_category], taxes[place], policy.prices_include_tax)
        for place, item in enumerate(items)
    ]


def _tax_of_each(amounts: Sequence[int], rate: str, included: bool) -> list[int]:
    """The tax of each amount; the last one takes what is left of the tax on their sum."""
    fraction = per_cent(rate)
    factor = fraction / (1 + fraction) if included else fraction
    each = [half_up(Fraction(amount) * factor) for amount in amounts[:-1]]
    return [*each, half_up(Fraction(sum(amounts)) * factor) - sum(each)]


def _line(item: Item, rate: str, tax: int, included: bool) -> Line:
    net = item.amount - tax if included else item.amount
    starts, ends = item.days or (None, None)
    return Line(
        kind=item.kind,
        text=str(item.text),
        values=item.values,
        quantity=item.quantity,
        unit=half_up(Fraction(item.amount, item.quantity)),
        net=net,
        tax=tax,
        gross=net + tax,
        tax_category=item.tax_category,
        tax_rate=rate,
        starts_on=starts,
        ends_on=ends,
    )


def total(lines: Sequence[Line]) -> Totals:
    """What the lines come to, and the taxes in it by rate."""
    sums: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        so_far = sums.setdefault((line.tax_category, line.tax_rate), [0, 0])
        so_far[0] += line.net
        so_far[1] += line.tax
    taxes = [
        {"category": category, "rate": rate, "net": net, "tax": tax} for (category, rate), (net, tax) in sums.items()
    ]
    net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    return Totals(net, tax, net + tax, taxes)
