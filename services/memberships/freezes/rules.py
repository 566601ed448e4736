"""What a freeze does, and what its end does earlier than it said. Pure: values in, values out.

One rule for money: a frozen day is not paid for. What was paid for it already goes to the balance; what is asked for
later leaves it out; and when a freeze ends early, the days that are no longer frozen are paid like any other. A shift
is different: its days are not left out but moved, and all that follow with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.memberships.billing.money import share
from services.memberships.billing.pricing import Days, Item, Line, taxed, total
from services.memberships.freezes.refusals import no_such_freeze, refuse, refuse_end
from services.memberships.memberships.known import Known
from services.memberships.plans.terms import FreezeRule, Freezing
from services.memberships.quotes.act import Inputs, Result
from shared.words import Words

SHIFT = "shift_payments"
FEE = Words("Freeze from {first} to {last}")
MONTHLY_FEE = Words("Freeze, a month from {first}")
UNFROZEN = Words("Days that are no longer frozen, from {first} to {last}")


@dataclass(frozen=True)
class Billed:
    """A period that was billed already, and what of it was asked for."""

    due_id: UUID
    number: int
    days: Days
    paid: bool
    price: int
    """What its days come to, discounts taken off, as prices are: with tax or without."""
    gross: int
    """The same with tax."""
    charged: tuple[Days, ...]
    """The days that it charges; none when all were frozen, and then the price is that of the whole period."""

    def given_back(self, days: Days) -> int:
        """What was paid for those of its days."""
        whole = sum(map(_count, self.charged))
        return share(self.gross, self.charges(days), whole) if self.paid and whole else 0

    def charges(self, days: Days) -> int:
        """How many of those days it charges."""
        return sum(_count(_common(part, days)) for part in self.charged)

    def costs(self, count: int) -> int:
        """So many of its days, as prices are."""
        return share(self.price, count, sum(map(_count, self.charged)) or _count(self.days))


@dataclass(frozen=True)
class Pause:
    """A freeze that there is."""

    id: UUID
    version: int
    mode: str
    state: str
    days: Days
    rule: FreezeRule
    shifted_days: int
    given_back: tuple[tuple[UUID, Days], ...]
    """The days for which what was paid went to the balance, by the period that was paid."""


@dataclass(frozen=True)
class Facts:
    known: Known
    billed: tuple[Billed, ...]
    """Those periods that end after today."""
    pauses: tuple[Pause, ...]
    """All that were not withdrawn."""
    leaving: bool
    """A cancellation waits."""

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


def freeze(facts: Facts, inputs: Inputs) -> Result:
    """What a freeze of those days costs, gives back and moves. Raises Invalid and Conflict."""
    known, days = facts.known, days_of(facts, inputs)
    freezing = known.offer.terms.freezing
    rule = refuse(facts, freezing, inputs["mode"], days)
    shifted = _count(days) if rule.mode == SHIFT else 0
    given = [] if shifted else given_back(facts.billed, days)
    fee = _fee(facts, freezing, days)
    return Result(
        currency=known.currency,
        lines=tuple(line.as_dict() for line in fee),
        amount=total(fee).total,
        dates={
            "frozen_from": days[0],
            "frozen_until": days[1],
            "next_payment_on": _later(known.next_due_on, shifted if _shifts_now(known, days) else 0),
            "commitment_until": _later(known.commitment_until, _count(days) if rule.extends_commitment else 0),
        },
        more={
            "mode": rule.mode,
            "days": _count(days),
            "given_back": [{"due_id": due_id, "amount": amount} for due_id, _, amount in given],
            "to_balance": sum(amount for _, _, amount in given),
            "fee_per": freezing.fee_per,
            "fee": freezing.fee,
            "credits_usable": rule.credits_usable,
            "credits_extended_days": _count(days) if rule.extends_expiry else 0,
        },
    )


def days_of(facts: Facts, inputs: Inputs) -> Days:
    """The days that a freeze is asked for."""
    return inputs["starts_on"] or facts.known.today, inputs["ends_on"]


def unfreeze(facts: Facts, inputs: Inputs) -> Result:
    """What it does to end a freeze on another day than it said. Raises Invalid and Conflict."""
    known, pause = facts.known, _pause(facts, inputs["freeze_id"])
    refuse_end(known, pause, inputs["ends_on"] or known.today)
    until = end_of(facts, inputs)
    lines = unfreeze_lines(facts, pause.id, until)
    back = (pause.days[1] - until).days
    return Result(
        currency=known.currency,
        lines=tuple(line.as_dict() for line in lines),
        amount=total(lines).total if lines else 0,
        dates={
            "frozen_from": pause.days[0],
            "frozen_until": until,
            "next_payment_on": _later(known.next_due_on, -min(back, pause.shifted_days)),
            "commitment_until": _later(known.commitment_until, -_applied(pause, back)),
        },
        more={"withdrawn": until == pause.days[0], "days": back},
    )


def end_of(facts: Facts, inputs: Inputs) -> date:
    """The first day that is no longer frozen, when the freeze ends as is asked."""
    ends_on: date = inputs["ends_on"] or facts.known.today
    return max(ends_on, _pause(facts, inputs["freeze_id"]).days[0])


def unfreeze_lines(facts: Facts, freeze_id: UUID, until: date) -> list[Line]:
    """What is paid for the days from `until` on, when the freeze ends then; nothing where days were shifted."""
    pause = _pause(facts, freeze_id)
    return [] if pause.mode == SHIFT else _regained(facts, pause, (until, pause.days[1]))


def given_back(billed: Sequence[Billed], days: Days) -> list[tuple[UUID, Days, int]]:
    """What was paid for frozen days, by the period that was paid."""
    found = [(each.due_id, _common(each.days, days), each.given_back(days)) for each in billed]
    return [(due_id, part, amount) for due_id, part, amount in found if amount > 0]


def fee_lines(facts_known: Known, freezing: Freezing, days: Days, month: int | None) -> list[Line]:
    """The fee: once, or of the freeze's month of that number, counted from 0. None where there is none."""
    if not freezing.fee:
        return []
    terms, policy, today = facts_known.offer.terms, facts_known.policy, facts_known.today
    text, first = (FEE, days[0]) if month is None else (MONTHLY_FEE, days[0] + relativedelta(months=month))
    values = {"first": first, "last": days[1] - timedelta(days=1)}
    return taxed([Item("freeze_fee", text, freezing.fee, terms.tax_category, values)], policy, today)


def months_begun(days: Days, today: date) -> int:
    """How many months of the freeze have begun: as many fees of a monthly one are due."""
    begun = 0
    while (first := days[0] + relativedelta(months=begun)) <= today and first < days[1]:
        begun += 1
    return begun


def _fee(facts: Facts, freezing: Freezing, days: Days) -> list[Line]:
    if freezing.fee_per == "freeze":
        return fee_lines(facts.known, freezing, days, None)
    return fee_lines(facts.known, freezing, days, 0) if days[0] == facts.known.today else []


def _shifts_now(known: Known, days: Days) -> bool:
    """Whether no payment comes before the freeze; else the shift waits for its first day."""
    return known.next_due_on is not None and known.next_due_on >= days[0]


def _regained(facts: Facts, pause: Pause, days: Days) -> list[Line]:
    """What is paid again: the days that billed periods left out, and those for which money was given back."""
    amount = sum(each.costs(_unpaid(pause, each, days)) for each in facts.billed)
    if not amount:
        return []
    values = {"first": days[0], "last": days[1] - timedelta(days=1)}
    item = Item("unfreeze", UNFROZEN, amount, facts.known.offer.terms.tax_category, values)
    return taxed([item], facts.known.policy, facts.known.today)


def _unpaid(pause: Pause, billed: Billed, days: Days) -> int:
    """How many of those days of the period nobody has paid for."""
    part = _common(billed.days, days)
    returned = [_count(_common(back, part)) for due_id, back in pause.given_back if due_id == billed.due_id]
    return _count(part) - billed.charges(part) + sum(returned)


def _applied(pause: Pause, days: int) -> int:
    return days if pause.rule.extends_commitment and pause.state == "running" else 0


def _pause(facts: Facts, freeze_id: UUID) -> Pause:
    found = next((pause for pause in facts.pauses if pause.id == freeze_id), None)
    if found is None:
        raise no_such_freeze()
    return found


def _later(day: date | None, days: int) -> date | None:
    return day and day + timedelta(days)


def _common(one: Days, other: Days) -> Days:
    return max(one[0], other[0]), min(one[1], other[1])


def _count(days: Days) -> int:
    return max(0, (days[1] - days[0]).days)
