"""Why a membership cannot be frozen, or its freeze not end, on those days. Pure."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.memberships.billing.wording import day
from services.memberships.plans.terms import FreezeRule, Freezing
from shared.errors import Conflict, Invalid
from shared.words import Words

if TYPE_CHECKING:
    from services.memberships.freezes.rules import Facts, Pause
    from services.memberships.memberships.known import Known

    Days = tuple[date, date]

AHEAD = 366
"""Days from today on which a freeze can begin, and that it can last."""

NOT_OFFERED = Words("This plan does not offer this way to freeze.")
IN_THE_PAST = Words("This is in the past. Today at the branch is {today}.")
TOO_FAR = Words("This is more than a year ahead.")
BACKWARDS = Words("The freeze must end after it begins.")
NOT_YET = Words("The membership begins to be paid on {first}: freeze it from then on.")
TOO_MANY = Words("The plan allows {allowed} frozen days a year. In {year} there are {left} left.")
OVERLAPS = Words("There is a freeze from {first} to {last} already.")
ENDS_BEFORE = Words("The membership ends on {ends_on}.")
NO_FREEZE = Words("There is no such freeze.")
IS_OVER = Words("This freeze is over.")
NOT_EARLIER = Words("The freeze ends on {last} already. To make it longer, add another one after it.")


def refuse(facts: "Facts", freezing: Freezing, mode: str, days: "Days") -> FreezeRule:
    """The rule of the mode. Raises Invalid or Conflict for what the plan, the days or another freeze do not allow."""
    rule = next((rule for rule in freezing.rules if rule.mode == mode), None)
    if rule is None:
        raise _invalid("mode", NOT_OFFERED)
    _refuse_days(facts.known, days)
    for pause in facts.pauses:
        if pause.days[0] < days[1] and days[0] < pause.days[1]:
            raise _invalid("starts_on", OVERLAPS, first=pause.days[0], last=pause.days[1] - timedelta(days=1))
    for year in range(days[0].year, (days[1] - timedelta(days=1)).year + 1):
        _refuse_year(facts, freezing.days_a_year, days, year)
    if facts.leaving and facts.known.ends_on and days[1] > facts.known.ends_on:
        raise _invalid("ends_on", ENDS_BEFORE, ends_on=facts.known.ends_on)
    return rule


def refuse_end(known: "Known", pause: "Pause", ends_on: date) -> None:
    """Raises Conflict for a freeze that is over, Invalid for a day that is past or not earlier."""
    if pause.state not in ("planned", "running"):
        raise Conflict(IS_OVER, code="freeze_over")
    if ends_on < known.today:
        raise _invalid("ends_on", IN_THE_PAST, today=known.today)
    if ends_on >= pause.days[1]:
        raise _invalid("ends_on", NOT_EARLIER, last=pause.days[1] - timedelta(days=1))


def no_such_freeze() -> Invalid:
    return _invalid("freeze_id", NO_FREEZE)


def _refuse_days(known: "Known", days: "Days") -> None:
    first = known.upcoming.due_on if known.upcoming and known.lifecycle in ("pending", "trial") else known.today
    if days[0] < known.today:
        raise _invalid("starts_on", IN_THE_PAST, today=known.today)
    if days[0] < first:
        raise _invalid("starts_on", NOT_YET, first=first)
    if days[1] <= days[0]:
        raise _invalid("ends_on", BACKWARDS)
    if (days[0] - known.today).days > AHEAD:
        raise _invalid("starts_on", TOO_FAR)
    if (days[1] - days[0]).days > AHEAD:
        raise _invalid("ends_on", TOO_FAR)


def _refuse_year(facts: "Facts", allowed: int, days: "Days", year: int) -> None:
    used = sum(_in_year(pause.days, year) for pause in facts.pauses)
    if used + _in_year(days, year) > allowed:
        raise _invalid("ends_on", TOO_MANY, allowed=allowed, year=year, left=max(0, allowed - used))


def _in_year(days: "Days", year: int) -> int:
    return max(0, (min(days[1], date(year + 1, 1, 1)) - max(days[0], date(year, 1, 1))).days)


def _invalid(field: str, words: Words, **values: Any) -> Invalid:
    message = words.format(**{name: day(value) if isinstance(value, date) else value for name, value in values.items()})
    return Invalid(message, fields={field: [message]})
