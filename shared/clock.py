"""The only clock of the house.

Nothing else asks the system or the database for the time, so that a test or a demo can travel:
`FOYER_CLOCK_OFFSET` moves every process, `travel()` moves this one.
"""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta()


def travel(offset: timedelta) -> None:
    """Moves this process's clock; `travel(timedelta())` brings it home."""
    global _offset
    _offset = offset


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC) + _offset


def today(zone: str) -> date:
    """The calendar day in a time zone (an IANA name): "today" always needs a branch, whose zone this is."""
    return now().astimezone(ZoneInfo(zone)).date()


def timestamp() -> float:
    """Seconds since 1970, for what a standard counts that way (tokens)."""
    return now().timestamp()


def monotonic() -> float:
    """Seconds that never go back, for measuring and for waiting; they do not travel."""
    return time.monotonic()
