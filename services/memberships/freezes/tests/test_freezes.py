"""Freezes over HTTP, in time: what is quoted is done, on the days that were said."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.memberships.billing import clock as billing_clock
from services.memberships.conftest import MakeCard, MakeMember, MakePlan, SetPolicy
from services.memberships.dues.actions import settle
from services.memberships.dues.models import Due
from services.memberships.freezes import work
from services.memberships.plans.terms import FreezeRule, Freezing
from shared.contracts.memberships import MEMBERSHIP_FROZEN, MEMBERSHIP_UNFROZEN
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships"
MODES = ("skip_payments", "shift_payments", "stop_everything")
RULES = tuple(FreezeRule(mode, extends_commitment=mode == "shift_payments") for mode in MODES)  # type: ignore[arg-type]
FREEZABLE = Freezing(RULES, days_a_year=60)
MARCH = datetime(2027, 3, 1, 11, tzinfo=UTC)

Ask = Callable[..., Any]


@pytest.fixture
def one(member: MakeMember, plan: MakePlan, travel_to: Any) -> UUID:
    """A membership of 31.00 a month whose March is paid, in March."""
    travel_to(MARCH)
    return member(plan_id=plan(price=3100, freezing=FREEZABLE, benefits=()))


@pytest.fixture
def ask(lucia: Caller) -> Ask:
    def quote(act: str, membership_id: UUID, **inputs: Any) -> Any:
        return lucia.post(f"{ROOT}/quotes", {"act": act, "membership_id": str(membership_id), **inputs})

    return quote


def bill(memberships: ServiceUnderTest) -> None:
    """What is due is raised, and paid at the desk."""
    while billing_clock.turn(memberships.database):
        pass
    with memberships.database.transaction() as session:
        for due in session.query(Due).filter_by(state="open").with_for_update():
            settle(session, due, "cash", due.amount, None)


def dues(memberships: ServiceUnderTest) -> list[Any]:
    return memberships.rows("SELECT number, amount, state FROM dues WHERE kind = 'period' ORDER BY number")


def do(lucia: Caller, membership_id: UUID, act: str, quoted: Any) -> Any:
    assert quoted.status_code == 201, quoted.json
    answer = lucia.post(f"{ROOT}/{membership_id}/{act}", {"quote_id": quoted.json["id"]})
    assert answer.status_code in (200, 201), answer.json
    return answer.json


def test_a_frozen_day_is_not_paid_for(
    memberships: ServiceUnderTest, lucia: Caller, one: UUID, ask: Ask, policy: SetPolicy, travel_to: Any
) -> None:
    policy(catch_up_days=60)
    bill(memberships)
    quoted = ask("freeze", one, mode="skip_payments", starts_on="2027-03-22", ends_on="2027-04-11")
    assert quoted.json["more"]["to_balance"] == 1000, quoted.json
    do(lucia, one, "freeze", quoted)
    assert memberships.rows("SELECT amount FROM balances") == [1000]
    travel_to(datetime(2027, 4, 1, 11, tzinfo=UTC))
    assert work.turn(memberships.database)
    bill(memberships)
    # 20 of April's 30 days
    assert dues(memberships) == [(1, 3100, "settled"), (2, 2067, "settled")]


def test_a_shift_moves_the_payments_and_the_commitment(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember, plan: MakePlan, ask: Ask, travel_to: Any
) -> None:
    travel_to(MARCH)
    one = member(plan_id=plan(price=3100, freezing=FREEZABLE), commitment_until=date(2027, 9, 1))
    bill(memberships)
    quoted = ask("freeze", one, mode="shift_payments", ends_on="2027-03-11")
    assert quoted.json["dates"]["next_payment_on"] == "2027-04-11"
    do(lucia, one, "freeze", quoted)
    shown = lucia.get(f"{ROOT}/{one}").json
    assert (shown["label"], shown["next_payment_on"], shown["commitment_until"]) == (
        "frozen",
        "2027-04-11",
        "2027-09-11",
    )
    travel_to(datetime(2027, 3, 11, 0, 30, tzinfo=UTC))
    assert work.turn(memberships.database)
    assert lucia.get(f"{ROOT}/{one}").json["label"] == "active"
    assert not work.turn(memberships.database)
    assert len(memberships.emitted(MEMBERSHIP_FROZEN)) == len(memberships.emitted(MEMBERSHIP_UNFROZEN)) == 1


def test_a_freeze_that_ends_early_is_reckoned_anew(
    memberships: ServiceUnderTest, lucia: Caller, one: UUID, ask: Ask, travel_to: Any
) -> None:
    bill(memberships)
    frozen = do(lucia, one, "freeze", ask("freeze", one, mode="stop_everything", ends_on="2027-03-31"))
    assert memberships.rows("SELECT amount FROM balances") == [3000]
    travel_to(datetime(2027, 3, 16, 11, tzinfo=UTC))
    quoted = ask("unfreeze", one, freeze_id=frozen["id"])
    assert (quoted.json["amount"], quoted.json["more"]["days"]) == (1500, 15), quoted.json
    assert do(lucia, one, "freeze-end", quoted)["state"] == "over"
    assert memberships.rows("SELECT amount, state FROM dues WHERE kind = 'unfreeze'") == [(1500, "open")]
    assert lucia.get(f"{ROOT}/{one}").json["lifecycle"] == "active"


def test_a_freeze_that_had_not_begun_is_withdrawn_with_all_that_it_moved(
    memberships: ServiceUnderTest, lucia: Caller, one: UUID, ask: Ask
) -> None:
    bill(memberships)
    days = {"starts_on": "2027-03-20", "ends_on": "2027-03-30"}
    frozen = do(lucia, one, "freeze", ask("freeze", one, mode="shift_payments", **days))
    assert lucia.get(f"{ROOT}/{one}").json["next_payment_on"] == "2027-04-11"
    ended = do(lucia, one, "freeze-end", ask("unfreeze", one, freeze_id=frozen["id"]))
    assert ended["state"] == "withdrawn"
    assert lucia.get(f"{ROOT}/{one}").json["next_payment_on"] == "2027-04-01"


def test_a_monthly_fee_is_asked_for_each_month_that_begins(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember, plan: MakePlan, card: MakeCard, ask: Ask,
    travel_to: Any,
) -> None:  # fmt: skip
    travel_to(MARCH)
    one = member(plan_id=plan(freezing=Freezing(RULES, 60, fee=500, fee_per="month")))
    bill(memberships)
    quoted = ask("freeze", one, mode="shift_payments", ends_on="2027-04-20")
    assert [line["gross"] for line in quoted.json["lines"]] == [500]
    do(lucia, one, "freeze", quoted)
    assert not work.charge_months(memberships.database)
    travel_to(datetime(2027, 4, 1, 11, tzinfo=UTC))
    assert work.charge_months(memberships.database)
    assert not work.charge_months(memberships.database)
    assert memberships.rows("SELECT amount FROM dues WHERE kind = 'freeze_fee'") == [500, 500]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "shift_payments", "starts_on": "2027-02-01", "ends_on": "2027-03-10"}, "starts_on"),
        ({"mode": "shift_payments", "starts_on": "2027-03-10", "ends_on": "2027-03-10"}, "ends_on"),
        ({"mode": "shift_payments", "ends_on": "2027-05-20"}, "ends_on"),
        ({"mode": "holiday", "ends_on": "2027-03-10"}, "mode"),
    ],
)
def test_what_a_plan_does_not_allow_is_refused_at_its_field(
    memberships: ServiceUnderTest, one: UUID, ask: Ask, given: dict[str, str], field: str
) -> None:
    answer = ask("freeze", one, **given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), answer.json
    assert memberships.rows("SELECT count(*) FROM quotes") == [0]


def test_two_freezes_never_overlap(lucia: Caller, one: UUID, ask: Ask) -> None:
    do(lucia, one, "freeze", ask("freeze", one, mode="shift_payments", starts_on="2027-03-10", ends_on="2027-03-20"))
    answer = ask("freeze", one, mode="shift_payments", starts_on="2027-03-19", ends_on="2027-03-25")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["starts_on"])
