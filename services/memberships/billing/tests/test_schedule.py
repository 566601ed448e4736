from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from services.memberships.billing.schedule import due_at, number_at, period_days
from services.memberships.plans.terms import Interval

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))
intervals = st.builds(Interval, st.sampled_from(["week", "month", "year"]), st.integers(1, 12))
numbers = st.integers(1, 100)


@given(days, numbers, intervals, numbers)
@example(date(2024, 1, 31), 1, Interval("month"), 1)
@example(date(2024, 2, 29), 1, Interval("year"), 2)
def test_no_day_between_two_periods_is_skipped_or_counted_twice(anchor, anchor_period, interval, number):
    starts, ends = period_days(anchor, anchor_period, interval, number)
    assert starts < ends
    assert period_days(anchor, anchor_period, interval, number + 1)[0] == ends


@given(days, numbers, intervals, days)
@example(date(2024, 1, 31), 1, Interval("month"), date(2024, 2, 28))
@example(date(2024, 1, 31), 1, Interval("month"), date(2024, 2, 29))
def test_every_day_lies_in_the_period_that_is_named_for_it(anchor, anchor_period, interval, day):
    number = number_at(anchor, anchor_period, interval, day)
    starts, ends = period_days(anchor, anchor_period, interval, number)
    assert starts <= day < ends


def test_a_months_end_keeps_its_day_through_february():
    starts = [period_days(date(2024, 1, 31), 1, Interval("month"), number)[0] for number in range(1, 15)]
    assert starts[:5] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
    assert starts[12:] == [date(2025, 1, 31), date(2025, 2, 28)]


zones = st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "America/Santiago"])


@given(days, zones, st.integers(0, 23))
@example(date(2026, 3, 29), "Europe/Madrid", 2)  # the hour that summer time leaves out
@example(date(2026, 10, 25), "Europe/Madrid", 2)  # the hour that comes twice
def test_each_day_has_one_moment_of_charging_and_they_come_in_order(day, zone, hour):
    gap = due_at(day + timedelta(days=1), zone, hour) - due_at(day, zone, hour)
    assert timedelta(hours=22) <= gap <= timedelta(hours=26)


def test_the_hour_of_charging_is_the_branchs_own():
    assert due_at(date(2026, 3, 28), "Europe/Madrid", 8) == datetime(2026, 3, 28, 7, tzinfo=UTC)
    assert due_at(date(2026, 3, 29), "Europe/Madrid", 8) == datetime(2026, 3, 29, 6, tzinfo=UTC)
