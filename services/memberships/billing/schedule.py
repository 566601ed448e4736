"""When periods begin and end, and when they are charged. Pure: days in, days and moments out.

Every period is counted from one day, the anchor, and never from the period before it: so a month's end keeps its day
(31 January, 28 or 29 February, 31 March), and no rounding adds up over the years.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from services.memberships.plans.terms import Interval

MONTHS = {"month": 1, "year": 12}


def period_days(anchor: date, anchor_period: int, interval: Interval, number: int) -> tuple[date, date]:
    """The first day of period `number` and the first day after it, when `anchor_period` begins on the anchor."""
    steps = number - anchor_period
    return _start(anchor, interval, steps), _start(anchor, interval, steps + 1)


def number_at(anchor: date, anchor_period: int, interval: Interval, day: date) -> int:
    """The number of the period in which the day lies; below `anchor_period` for a day before the anchor."""
    if interval.unit == "week":
        steps = (day - anchor).days // (7 * interval.count)
    else:
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        steps = months // (MONTHS[interval.unit] * interval.count)
        steps -= day < _start(anchor, interval, steps)  # the month is there, its day not yet
    return anchor_period + steps


def due_at(day: date, zone: str, hour: int) -> datetime:
    """The moment from which what is due on a local day is charged, in UTC.

    An hour that summer time leaves out is the one after it, and of one that comes twice it is the first: a day is
    neither passed over nor charged twice.
    """
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _start(anchor: date, interval: Interval, steps: int) -> date:
    if interval.unit == "week":
        return anchor + timedelta(weeks=steps * interval.count)
    return anchor + relativedelta(months=steps * interval.count * MONTHS[interval.unit])
