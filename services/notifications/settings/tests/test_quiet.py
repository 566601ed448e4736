"""When a telephone may ring: the calculation alone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.settings.quiet import open_from, places

DAY = (time(8), time(21))
ZONES = ["Europe/Madrid", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Pacific/Auckland"]


@pytest.mark.parametrize(
    ("now", "zones", "opens"),
    [
        ("2026-11-27T12:00", ["Europe/Madrid"], "2026-11-27T12:00"),
        ("2026-11-27T20:00", ["Europe/Madrid"], "2026-11-28T07:00"),
        ("2026-11-27T05:00", ["Europe/Madrid"], "2026-11-27T07:00"),
        ("2026-11-27T09:00", ["Europe/Madrid", "America/New_York"], "2026-11-27T13:00"),
        ("2026-10-25T00:30", ["Europe/Madrid"], "2026-10-25T07:00"),  # the night in which clocks go back
        ("2026-03-28T21:00", ["Europe/Madrid"], "2026-03-29T06:00"),  # and forward
    ],
)
def test_it_waits_for_the_morning_of_every_place_that_counts(now: str, zones: list[str], opens: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert open_from(moment, zones, DAY) == datetime.fromisoformat(opens).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True),
)
def test_it_is_day_at_both_ends_and_soon(naive: datetime, zones: list[str]) -> None:
    now = naive.replace(tzinfo=UTC)
    opening = open_from(now, zones, DAY)
    assert now <= opening <= now + timedelta(hours=36)
    for zone in zones:
        assert DAY[0] <= opening.astimezone(ZoneInfo(zone)).time() < DAY[1]


def test_a_telephone_of_the_same_country_counts_as_the_branch() -> None:
    assert places("Europe/Madrid", ("Atlantic/Canary", "Europe/Madrid")) == ["Europe/Madrid"]
    assert places("Europe/Madrid", ("America/New_York",)) == ["Europe/Madrid", "America/New_York"]
    assert places("Europe/Madrid", ()) == ["Europe/Madrid"]
