"""Month by month: what came in, what failed and was recovered, who joined and left, and what is stuck."""

from datetime import date, datetime
from typing import Any

from services.memberships.conftest import MIAMI
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/reports"
NOVEMBER = datetime.fromisoformat("2026-11-10T09:00:00+01:00")
DAY = NOVEMBER.date()


def told(caller: Caller, report: str, **query: Any) -> list[dict[str, Any]]:
    answer = caller.get(f"{ROOT}/{report}", query_string=query)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def test_a_month_tells_what_was_taken_what_failed_and_what_was_recovered(
    memberships: ServiceUnderTest,
    travel_to: Any,
    owes: Any,
    charge: Any,
    lucia: Caller,
) -> None:
    travel_to(NOVEMBER)
    owes(starts_on=DAY)
    failed = owes("insufficient_funds", starts_on=DAY)
    lost = owes("insufficient_funds", starts_on=DAY)
    charge()
    (month,) = told(lucia, "revenue")
    assert (month["month"], month["taken"], month["payments"]) == ("2026-11-01", 4900, 1)

    settled = {"tender": "cash", "amount": 4900, "reference": None}
    lucia.post(f"/api/v1/memberships/{failed}/periods/1/settlements", settled)
    lucia.post(f"/api/v1/memberships/{lost}/periods/1/write-off", {"reason": "Moved away"})
    (month,) = told(lucia, "revenue")
    assert (month["taken"], month["refunded"], month["payments"]) == (9800, 0, 2)
    (month,) = told(lucia, "dunning")
    amounts = {name: month[name] for name in ("due", "failed", "recovered", "open", "written_off")}
    assert amounts == {"due": 14700, "failed": 9800, "recovered": 4900, "open": 0, "written_off": 4900}
    elsewhere = memberships.signed_in("memberships.billing", branches=[MIAMI])
    assert told(elsewhere, "revenue") == told(elsewhere, "dunning") == []


def test_members_are_counted_when_they_join_and_when_they_leave(travel_to: Any, member: Any, lucia: Caller) -> None:
    travel_to(NOVEMBER)
    member(date(2026, 9, 1))
    member(date(2026, 10, 5), lifecycle="ended", ends_on=date(2026, 11, 5), next_due_on=None, next_due_at=None)
    months = {each["month"]: (each["won"], each["lost"], each["members"]) for each in told(lucia, "members", months=3)}
    assert months == {"2026-09-01": (1, 0, 1), "2026-10-01": (1, 0, 2), "2026-11-01": (0, 1, 1)}


def test_what_waits_for_a_person_is_told_with_its_reason(
    travel_to: Any,
    owes: Any,
    charge: Any,
    lucia: Caller,
) -> None:
    travel_to(NOVEMBER)
    owes(starts_on=DAY)
    expired, unpaid = owes("expired", starts_on=DAY), owes(None, starts_on=DAY)
    charge()
    found = {each["membership_id"]: each["what"] for each in told(lucia, "stuck")}
    assert found == {str(expired): "waits_for_card", str(unpaid): "waits_for_card"}


def test_a_report_of_too_many_months_is_refused(lucia: Caller) -> None:
    answer = lucia.get(f"{ROOT}/revenue?months=37")
    assert answer.status_code == 422 and "months" in answer.json["errors"]
