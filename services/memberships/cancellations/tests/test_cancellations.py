"""Leaving, over HTTP and in time: the fee that was shown, the last day that was said."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.memberships.cancellations import work
from services.memberships.conftest import EVERYTHING, MakeCard, MakeMember, MakePlan, SetPolicy
from services.memberships.freezes.tests.test_freezes import bill
from services.memberships.plans.terms import Benefit, CancellationRule
from shared.contracts.memberships import (
    MEMBERSHIP_CANCELLATION_SCHEDULED,
    MEMBERSHIP_CANCELLATION_WITHDRAWN,
    MEMBERSHIP_CANCELLED,
    MEMBERSHIP_EXPIRED,
)
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships"
MARCH = datetime(2027, 3, 10, 11, tzinfo=UTC)

Ask = Callable[..., Any]
Make = Callable[..., UUID]


@pytest.fixture
def one(memberships: ServiceUnderTest, member: MakeMember, plan: MakePlan, travel_to: Any) -> Make:
    """A function that makes a membership since December, of 50.00 a month, committed for a year; March is paid."""

    def make(**terms: Any) -> UUID:
        values = {"price": 5000, "commitment_periods": 12, "cancellation": CancellationRule("periods", periods=2)}
        travel_to(MARCH)
        made = member(
            date(2026, 12, 1),
            plan_id=plan(**values | terms),
            commitment_until=date(2027, 12, 1),
            anchor=date(2026, 12, 1),
            next_period=4,
            next_due_on=date(2027, 3, 1),
        )
        bill(memberships)
        return made

    return make


@pytest.fixture
def ask(lucia: Caller) -> Ask:
    def quote(membership_id: UUID, **inputs: Any) -> Any:
        given = {"act": "cancellation", "membership_id": str(membership_id), **inputs}
        return lucia.post(f"{ROOT}/quotes", given)

    return quote


def cancel(by: Caller, membership_id: UUID, quoted: Any) -> Any:
    assert quoted.status_code in (200, 201), quoted.json
    return by.post(f"{ROOT}/{membership_id}/cancellation", {"quote_id": quoted.json["id"]})


def test_the_fee_says_how_it_came_about(lucia: Caller, one: Make) -> None:
    shown = lucia.get(f"{ROOT}/{one()}/cancellation").json
    assert (shown["dates"]["last_day"], shown["more"]["fee"], shown["more"]["arrears"]) == ("2027-03-31", 10000, 0)
    assert [step["text"] for step in shown["more"]["explanation"]] == ["The price of 2 periods: €100.00."]
    assert [(each["at"], each["ends_on"]) for each in shown["more"]["choices"]] == [
        ("now", "2027-03-10"),
        ("period_end", "2027-04-01"),
    ]
    assert [(each["category"], each["available"]) for each in shown["more"]["lapsing"]] == [("Facial", 2)]


def test_the_fee_is_asked_for_when_the_last_day_is_over(
    memberships: ServiceUnderTest, lucia: Caller, one: Make, ask: Ask, card: MakeCard, travel_to: Any
) -> None:
    made = one()
    answer = cancel(lucia, made, ask(made, reason="Moves away"))
    assert (answer.status_code, answer.json["state"]) == (201, "waiting"), answer.json
    assert lucia.get(f"{ROOT}/{made}").json["label"] == "leaving"
    assert [event.data["fee"] for event in memberships.emitted(MEMBERSHIP_CANCELLATION_SCHEDULED)] == [10000]
    travel_to(datetime(2027, 3, 31, 21, 59, tzinfo=UTC))
    assert not work.turn(memberships.database)
    travel_to(datetime(2027, 3, 31, 22, 1, tzinfo=UTC))  # midnight in Madrid, in summer time
    assert work.turn(memberships.database)
    assert not work.turn(memberships.database)
    assert memberships.rows("SELECT amount, state FROM dues WHERE kind = 'cancellation_fee'") == [(10000, "open")]
    assert lucia.get(f"{ROOT}/{made}").json["label"] == "ended"
    assert memberships.rows("SELECT available, lapsed FROM credits") == [(0, 2)]
    assert len(memberships.emitted(MEMBERSHIP_CANCELLED)) == 1


def test_a_fee_never_asks_for_more_than_the_periods_left(
    memberships: ServiceUnderTest, lucia: Caller, one: Make, ask: Ask, travel_to: Any
) -> None:
    made = one(cancellation=CancellationRule("fixed", amount=100_000))
    shown = ask(made).json["more"]
    assert shown["fee"] == 40_000, shown  # April to November
    assert len(shown["explanation"]) == 2


def test_what_is_charged_during_the_notice_is_taken_off_the_fee(lucia: Caller, one: Make, ask: Ask) -> None:
    shown = ask(one(notice_days=30)).json
    assert shown["dates"]["ends_on"] == "2027-05-01"
    assert [each["period"] for each in shown["more"]["charged_until_then"]] == [5]
    assert shown["more"]["fee"] == 5000


def test_to_waive_a_fee_takes_a_permission_and_a_reason(
    memberships: ServiceUnderTest, lucia: Caller, one: Make, ask: Ask
) -> None:
    made = one()
    assert list(ask(made, waive=True).json["errors"]) == ["waive_reason"]
    quoted = ask(made, waive=True, waive_reason="Client for ten years")
    reception = memberships.signed_in(*(name for name in EVERYTHING if name != "memberships.waive_fee"))
    assert cancel(reception, made, quoted).status_code == 403
    answer = cancel(lucia, made, quoted)
    assert (answer.json["fee"], answer.json["waived"], answer.json["waive_reason"]) == (0, True, "Client for ten years")


def test_within_the_cooling_off_what_was_not_used_is_given_back(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember, plan: MakePlan, ask: Ask, travel_to: Any
) -> None:
    travel_to(datetime(2027, 3, 1, 11, tzinfo=UTC))
    rule = CancellationRule("fixed", amount=9900)
    made = member(plan_id=plan(price=3100, benefits=(Benefit(2, category="Facial"),), cancellation=rule))
    bill(memberships)
    travel_to(datetime(2027, 3, 11, 11, tzinfo=UTC))
    quoted = ask(made, at="now")
    assert (quoted.json["more"]["refund"], quoted.json["more"]["fee"]) == (2100, 0), quoted.json
    assert cancel(lucia, made, quoted).json["state"] == "done"
    assert memberships.rows("SELECT amount FROM balances") == [2100]


def test_a_cancellation_that_waits_can_be_withdrawn(
    memberships: ServiceUnderTest, lucia: Caller, one: Make, ask: Ask
) -> None:
    made = one()
    cancel(lucia, made, ask(made))
    assert lucia.get(f"{ROOT}/{made}").json["next_payment_on"] is None
    assert lucia.delete(f"{ROOT}/{made}/cancellation").json["state"] == "withdrawn"
    shown = lucia.get(f"{ROOT}/{made}").json
    assert (shown["label"], shown["next_payment_on"], shown["ends_on"]) == ("active", "2027-04-01", None)
    assert len(memberships.emitted(MEMBERSHIP_CANCELLATION_WITHDRAWN)) == 1
    assert lucia.delete(f"{ROOT}/{made}/cancellation").status_code == 404


def test_nobody_cancels_twice(lucia: Caller, one: Make, ask: Ask) -> None:
    made = one()
    first, second = ask(made), ask(made)
    assert cancel(lucia, made, first).status_code == 201
    answer = cancel(lucia, made, second)
    assert (answer.status_code, answer.json["code"]) == (409, "cancelled_already"), answer.json


def test_terms_that_are_over_end_the_membership(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember, plan: MakePlan, travel_to: Any
) -> None:
    travel_to(datetime(2027, 3, 1, 11, tzinfo=UTC))
    made = member(plan_id=plan(ends_after_periods=1))
    bill(memberships)
    travel_to(datetime(2027, 4, 1, 11, tzinfo=UTC))
    assert work.turn(memberships.database)
    shown = lucia.get(f"{ROOT}/{made}").json
    assert (shown["label"], shown["end_reason"]) == ("ended", "expired")
    assert len(memberships.emitted(MEMBERSHIP_EXPIRED)) == 1


def test_a_fee_whose_charge_fails_does_not_stop_the_end(
    memberships: ServiceUnderTest, lucia: Caller, one: Make, ask: Ask, policy: SetPolicy
) -> None:
    policy(cooling_off_days=0)
    made = one()
    assert cancel(lucia, made, ask(made, at="now")).json["state"] == "done"  # no card is on file
    assert lucia.get(f"{ROOT}/{made}").json["lifecycle"] == "ended"
    assert memberships.rows("SELECT state FROM dues WHERE kind = 'cancellation_fee'") == ["open"]
