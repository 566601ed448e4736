"""When a telephone may ring. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_STEPS = 20
"""With any number of zones it is open everywhere within a few; where it never is, the first zone alone counts."""


def open_from(now: datetime, zones: Sequence[str], day: tuple[time, time]) -> datetime:
    """The first moment from now on at which it is day in all of the zones; `now` itself when it is."""
    moment = now
    for _step in range(MOST_STEPS):
        opening = max(_opening(moment, ZoneInfo(zone), day) for zone in zones)
        if opening == moment:
            return moment
        moment = opening
    return _opening(now, ZoneInfo(zones[0]), day)


def _opening(moment: datetime, zone: ZoneInfo, day: tuple[time, time]) -> datetime:
    opens, closes = day
    local = moment.astimezone(zone)
    if opens <= local.time() < closes:
        return moment
    date = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(date, opens, zone).astimezone(moment.tzinfo)


def places(home: str, telephone: Sequence[str]) -> list[str]:
    """The zones that count: where the client goes, and where the telephone is from, if that is elsewhere."""
    return [home] if home in telephone else [home, *telephone]
