"""Plan changes over HTTP: in mid-period, at its end, withdrawn; and that a quote equals its act."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.memberships.billing.period import raise_next_period
from services.memberships.conftest import MADRID, MIAMI, MakeMember, MakePlan
from services.memberships.dues.actions import settle
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.plans.terms import Interval
from shared.contracts.memberships import MEMBERSHIP_PLAN_CHANGED
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships"
START = date(2027, 3, 1)
NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture
def paid(memberships: ServiceUnderTest, member: MakeMember, travel_to: Any) -> Any:
    """A function that makes a member whose first period began on 1 March 2027 and was paid, seen on a later day."""

    def one(day: int, *, by_cash: bool = True, **facts: Any) -> UUID:
        travel_to(NOON)
        membership_id = member(START, **facts)
        with memberships.database.transaction() as session:
            raise_next_period(session, session.get_one(Membership, membership_id, with_for_update=True))
            if by_cash:
                due = session.scalars(select(Due).where(Due.membership_id == membership_id)).one()
                settle(session, due, "cash", due.amount, None)
        travel_to(NOON + timedelta(days=day - 1))
        return membership_id

    return one


def quote(by: Caller, membership_id: UUID, plan_id: UUID, when: str = "now") -> Any:
    asked = {"act": "plan_change", "membership_id": str(membership_id), "plan_id": str(plan_id), "when": when}
    return by.post(f"{ROOT}/quotes", asked)


def act(by: Caller, membership_id: UUID, shown: Any) -> Any:
    assert shown.status_code == 201, shown.json
    return by.post(f"{ROOT}/{membership_id}/plan-change", {"quote_id": shown.json["id"]})


def test_a_downgrade_in_mid_period_goes_to_the_balance(
    memberships: ServiceUnderTest, lucia: Caller, paid: Any, plan: MakePlan
) -> None:
    one, cheaper = paid(17), plan("Mensual básico", price=3100)
    shown = quote(lucia, one, cheaper)
    assert [line["gross"] for line in shown.json["lines"]] == [-2371, 1500]  # 15 of 31 days, today with the new plan
    assert shown.json["lines"][0]["text"] == "Mensual Facial, unused from March 17, 2027 to March 31, 2027"
    assert shown.json["amount"] == -871
    changed = act(lucia, one, shown)
    assert (changed.status_code, changed.json["plan_name"], changed.json["next_payment_amount"]) == (
        200, "Mensual básico", 3100
    ), changed.json  # fmt: skip
    assert memberships.rows("SELECT amount FROM balances") == [871]
    assert memberships.rows("SELECT total FROM invoices ORDER BY number") == [4900, -871]
    assert [event.data["terms_number"] for event in memberships.emitted(MEMBERSHIP_PLAN_CHANGED)] == [1]


def test_an_upgrade_asks_for_the_difference(
    memberships: ServiceUnderTest, lucia: Caller, paid: Any, plan: MakePlan
) -> None:
    one, dearer = paid(1), plan("Mensual completo", price=9900)
    assert act(lucia, one, quote(lucia, one, dearer)).json["arrears"] == {"payments": 1, "amount": 5000}
    assert memberships.rows("SELECT kind, amount, state FROM dues ORDER BY raised_at DESC LIMIT 1") == [
        ("plan_change", 5000, "open")
    ]
    again = quote(lucia, one, plan("Otro", price=100))
    assert (again.status_code, again.json["code"]) == (409, "unpaid")


def test_a_second_change_takes_off_what_the_first_asked_for(
    lucia: Caller, paid: Any, plan: MakePlan, travel_to: Any
) -> None:
    one = paid(17)
    act(lucia, one, quote(lucia, one, plan("Mensual básico", price=3100)))
    travel_to(NOON + timedelta(days=21))
    shown = quote(lucia, one, plan("Mensual mínimo", price=0))
    assert [line["gross"] for line in shown.json["lines"]] == [-1000, 0]  # 10 of the 15 days that 1500 were asked for


def test_another_interval_begins_when_the_period_is_over(lucia: Caller, paid: Any, plan: MakePlan) -> None:
    one, yearly = paid(1), plan("Anual", price=36500, interval=Interval("year"))
    shown = quote(lucia, one, yearly)
    assert shown.json["lines"][1]["gross"] == 3092  # 31 of 366 days
    act(lucia, one, shown)
    dates = [payment["due_on"] for payment in lucia.get(f"{ROOT}/{one}/forecast").json["payments"][:2]]
    assert dates == ["2027-04-01", "2028-04-01"]


def test_a_change_waits_for_the_end_of_the_period_and_is_withdrawn(
    memberships: ServiceUnderTest, lucia: Caller, paid: Any, plan: MakePlan
) -> None:
    one, other = paid(10), plan("Mensual básico", price=3100)
    shown = quote(lucia, one, other, "period_end")
    assert (shown.json["amount"], shown.json["dates"]["effective_on"]) == (0, "2027-04-01")
    waits = act(lucia, one, shown).json
    assert (waits["plan_name"], waits["plan_to_come"]["plan_name"], waits["next_payment_amount"]) == (
        "Mensual Facial", "Mensual básico", 3100
    )  # fmt: skip
    back = lucia.delete(f"{ROOT}/{one}/plan-change").json
    assert (back["plan_to_come"], back["next_payment_amount"]) == (None, 4900)
    assert lucia.delete(f"{ROOT}/{one}/plan-change").status_code == 404


def test_what_cannot_be_changed_is_said(lucia: Caller, paid: Any, plan: MakePlan, member: MakeMember) -> None:
    own = plan()
    one = paid(5, plan_id=own)
    for wrong in (own, plan(currency="USD"), plan(branch_ids=(MIAMI,)), MADRID):
        assert list(quote(lucia, one, wrong).json["errors"]) == ["plan_id"]
    assert quote(lucia, member(lifecycle="ended", next_due_on=None), plan()).json["code"] == "ended"
    assert quote(lucia, member(lifecycle="frozen"), plan()).json["code"] == "frozen"
    assert quote(lucia, paid(5, by_cash=False), plan()).json["code"] == "unpaid"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.integers(1, 45), price=st.integers(0, 20_000), unit=st.sampled_from(["week", "month", "year"]))
def test_a_quote_equals_its_act(
    memberships: ServiceUnderTest, lucia: Caller, paid: Any, plan: MakePlan, day: int, price: int, unit: Any
) -> None:
    one, other = paid(day), plan("Otro", price=price, interval=Interval(unit))
    shown = quote(lucia, one, other)
    done = act(lucia, one, shown).json
    invoiced = memberships.rows(
        "SELECT total FROM invoices JOIN dues ON dues.id = due_id WHERE membership_id = :id AND dues.kind <> 'period'",
        id=one,
    )
    assert invoiced == ([shown.json["amount"]] if shown.json["lines"] else [])
    assert done["next_payment_on"] == shown.json["dates"]["next_payment_on"]
    assert done["next_payment_amount"] == shown.json["more"]["next_payment"]
    assert done["commitment_until"] == shown.json["dates"]["commitment_until"]
