"""Memberships over HTTP: added by what a quote has shown, read, edited."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.memberships.balances.actions import move
from services.memberships.conftest import (
    CARLOS,
    EVERYTHING,
    MADRID,
    MARIA,
    MIAMI,
    UNKNOWN,
    MakeCard,
    MakeMember,
    MakePlan,
    SetPolicy,
)
from services.memberships.memberships.label import LABELS, label
from services.memberships.memberships.models import COLLECTIONS, LIFECYCLES, STANDINGS
from services.memberships.plans.terms import Interval
from shared import clock
from shared.contracts import clients
from shared.contracts.memberships import MEMBERSHIP_STARTED, MEMBERSHIP_UPDATED
from shared.testing.service import Caller, ServiceUnderTest
from shared.testing.tokens import EMPLOYEE

ROOT = "/api/v1/memberships"
Quote = Callable[..., Any]


@pytest.fixture
def quote(lucia: Caller, plan: MakePlan) -> Quote:
    """A function that asks what adding a membership would do."""

    def one(**details: Any) -> Any:
        given = {"client_id": MARIA, "branch_id": MADRID, "employee_id": EMPLOYEE} | details
        given.setdefault("plan_id", plan())
        return lucia.post(f"{ROOT}/quotes", {"act": "add", **{name: _json(value) for name, value in given.items()}})

    return one


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | date) else value


def add(by: Caller, quoted: Any) -> Any:
    assert quoted.status_code == 201, quoted.json
    return by.post(ROOT, {"quote_id": quoted.json["id"]})


def test_what_was_shown_is_what_is_charged(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, plan: MakePlan, card: MakeCard, travel_to: Any
) -> None:
    travel_to(datetime(2028, 1, 31, 11, tzinfo=UTC))
    shown = quote(plan_id=plan(sign_up_fee=1000, commitment_periods=6), card_id=card())
    assert [(line["kind"], line["gross"]) for line in shown.json["lines"]] == [("period", 4900), ("sign_up", 1000)]
    assert shown.json["amount"] == 5900
    dates = {"starts_on": "2028-01-31", "next_payment_on": "2028-02-29", "commitment_until": "2028-07-31"}
    assert dates.items() <= shown.json["dates"].items()
    made = add(lucia, shown)
    assert (made.status_code, made.json["label"], made.json["next_period"]) == (201, "active", 2), made.json
    assert (made.json["next_payment_on"], made.json["next_payment_amount"]) == ("2028-02-29", 4900)
    due = memberships.rows("SELECT amount, number, starts_on, ends_on, state FROM dues")
    assert due == [(5900, 1, date(2028, 1, 31), date(2028, 2, 29), "open")]
    assert memberships.rows("SELECT amount, state FROM attempts") == [(5900, "written")]
    assert [event.data["next_period"] for event in memberships.emitted(MEMBERSHIP_STARTED)] == [1]


def test_a_quote_starts_one_membership(memberships: ServiceUnderTest, lucia: Caller, quote: Quote) -> None:
    shown = quote()
    assert add(lucia, shown).status_code == 201
    again = add(lucia, shown)
    assert (again.status_code, again.json["code"]) == (409, "quote_used")
    assert memberships.rows("SELECT count(*) FROM memberships") == [1]


def test_a_dearer_plan_is_shown_again_and_nothing_happens(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, plan: MakePlan
) -> None:
    plan_id = plan()
    shown = quote(plan_id=plan_id)
    terms = lucia.get(f"{ROOT}/plans/{plan_id}").json["terms"] | {"price": 5500}
    assert lucia.post(f"{ROOT}/plans/{plan_id}/terms", terms).status_code == 201
    refused = add(lucia, shown)
    assert (refused.status_code, refused.json["code"]) == (409, "quote_changed")
    assert refused.json["quote"]["amount"] == 5500
    assert memberships.rows("SELECT count(*) FROM memberships") == [0]
    assert lucia.post(ROOT, {"quote_id": refused.json["quote"]["id"]}).status_code == 201


def test_a_membership_waits_for_its_day_and_a_trial_for_its_end(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, plan: MakePlan
) -> None:
    today = clock.today("Europe/Madrid")
    later = add(lucia, quote(starts_on=today + timedelta(days=3))).json
    trial = add(lucia, quote(plan_id=plan(trial_days=14))).json
    assert (later["label"], later["next_payment_on"]) == ("pending", str(today + timedelta(days=3)))
    assert (trial["label"], trial["next_payment_on"]) == ("trial", str(today + timedelta(days=14)))
    assert memberships.rows("SELECT count(*) FROM dues") == [0]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"client_id": UNKNOWN}, "client_id"),
        ({"branch_id": UNKNOWN}, "branch_id"),
        ({"branch_id": MIAMI}, "plan_id"),
        ({"plan_id": UNKNOWN}, "plan_id"),
        ({"employee_id": UNKNOWN}, "employee_id"),
        ({"payer_id": UNKNOWN}, "payer_id"),
        ({"card_id": UNKNOWN}, "card_id"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"starts_on": "2090-01-01"}, "starts_on"),
        ({"discounts": [{"reason": "Amiga"}]}, "discounts"),
        ({"price": 1}, "price"),
        ({"next_payment_on": "2030-01-01"}, "next_payment_on"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_field(quote: Quote, details: dict[str, Any], field: str) -> None:
    refused = quote(**details)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [field]


def test_a_card_pays_for_its_owner_only(lucia: Caller, quote: Quote, card: MakeCard) -> None:
    of_carlos = card(client_id=CARLOS)
    assert "card_id" in quote(card_id=of_carlos).json["errors"]
    assert add(lucia, quote(card_id=of_carlos, payer_id=CARLOS)).json["payer_name"] == "Carlos Ruiz"


def test_an_archived_client_joins_nothing_and_what_they_have_goes_on(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, member: MakeMember
) -> None:
    one = member()
    said = {"id": str(MARIA), "first_name": "María", "last_name": "López", "archived": True, "booking_blocked": True}
    memberships.deliver(clients.CLIENT_UPDATED, said, subject=MARIA, version=2)
    assert (quote().status_code, quote().json["code"]) == (409, "client_archived")
    assert lucia.get(f"{ROOT}/{one}").json["warnings"] == ["client_archived", "booking_blocked"]


def test_the_balance_is_used_first_when_the_branch_says_so(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, policy: SetPolicy
) -> None:
    policy(use_balance_first=True)
    with memberships.database.transaction() as session:
        why: Any = {"kind": "added", "description": "Por las molestias", "branch_id": MADRID, "reference": None}
        move(session, MARIA, "EUR", 2000, **why)
    shown = quote()
    assert (shown.json["more"]["from_balance"], shown.json["amount"]) == (2000, 2900)
    add(lucia, shown)
    assert memberships.rows("SELECT amount, from_balance FROM dues") == [(2900, 2000)]


DISCOUNT = st.fixed_dictionaries(
    {"from_period": st.integers(1, 2), "percent": st.integers(1, 100), "reason": st.just("Amiga de la casa")}
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.fixed_dictionaries(
        {
            "price": st.integers(0, 50_000),
            "sign_up_fee": st.integers(0, 5_000),
            "trial_days": st.sampled_from([0, 0, 7]),
            "commitment_periods": st.integers(0, 24),
            "interval": st.builds(Interval, st.sampled_from(["week", "month", "year"]), st.integers(1, 3)),
        }
    ),
    discounts=st.lists(DISCOUNT, max_size=2),
    ahead=st.sampled_from([0, 0, 1, 40]),
)
def test_a_quote_equals_its_act(
    memberships: ServiceUnderTest, lucia: Caller, quote: Quote, plan: MakePlan, terms: Any, discounts: Any, ahead: int
) -> None:
    starts_on = clock.today("Europe/Madrid") + timedelta(days=ahead)
    shown = quote(plan_id=plan(**terms), starts_on=starts_on, discounts=discounts)
    made = add(lucia, shown).json
    dues = memberships.rows("SELECT amount FROM dues WHERE membership_id = :id", id=made["id"])
    begins_now = shown.json["dates"]["first_payment_on"] == str(clock.today("Europe/Madrid"))
    assert dues == ([shown.json["amount"]] if begins_now else [])
    assert made["next_payment_on"] == shown.json["dates"]["next_payment_on" if begins_now else "first_payment_on"]
    assert {name: made[name] for name in ("starts_on", "trial_ends_on", "commitment_until")} == {
        name: shown.json["dates"][name] for name in ("starts_on", "trial_ends_on", "commitment_until")
    }


def test_every_label_finds_the_memberships_that_read_so(lucia: Caller, member: MakeMember, plan: MakePlan) -> None:
    plan_id, made = plan(), {}
    for facts in product(LIFECYCLES, STANDINGS, COLLECTIONS):
        lifecycle, standing, collection = facts
        one = member(plan_id=plan_id, lifecycle=lifecycle, standing=standing, collection=collection)
        made[str(one)] = label(lifecycle, standing, collection, leaving=False)
    for wanted in LABELS:
        found = lucia.get(f"{ROOT}?label={wanted}&limit=200").json["items"]
        assert {row["label"] for row in found} <= {wanted}
        assert {row["id"] for row in found} == {one for one, reads in made.items() if reads == wanted}


def test_a_branch_sees_its_own_memberships(memberships: ServiceUnderTest, lucia: Caller, member: MakeMember) -> None:
    madrid, miami = member(), member(branch_id=MIAMI)
    there = memberships.signed_in(*EVERYTHING, branches=[MIAMI])
    assert [row["id"] for row in there.get(ROOT).json["items"]] == [str(miami)]
    assert there.get(f"{ROOT}/{madrid}").status_code == 404
    assert there.patch(f"{ROOT}/{madrid}", {"note": "—"}, key="a-key-of-its-own").status_code == 404
    asked = {"act": "payment_date", "membership_id": str(madrid), "next_payment_on": "2090-01-01"}
    assert there.post(f"{ROOT}/quotes", asked).status_code in (404, 422)
    assert [row["id"] for row in lucia.get(f"{ROOT}?branch_id={MADRID}").json["items"]] == [str(madrid)]


def test_a_page_goes_on_where_the_last_one_ended(lucia: Caller, member: MakeMember, plan: MakePlan) -> None:
    plan_id = plan()
    made = [str(member(plan_id=plan_id)) for _ in range(3)]
    first = lucia.get(f"{ROOT}?client_id={MARIA}&limit=2").json
    rest = lucia.get(f"{ROOT}?client_id={MARIA}&limit=2&cursor={first['next_cursor']}").json
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]


def edit(by: Caller, membership_id: UUID, given: dict[str, Any], version: int | str = "*") -> Any:
    return by.patch(f"{ROOT}/{membership_id}", given, version=version, key=f"edit-{clock.monotonic()}")


def test_the_note_and_the_card_are_changed_and_written_down(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember, card: MakeCard
) -> None:
    one, new = member(), card()
    changed = edit(lucia, one, {"note": "Prefiere las mañanas", "card_id": str(new)}, version=1)
    assert (changed.status_code, changed.json["card"]["last_four"]) == (200, "4242"), changed.json
    assert edit(lucia, one, {"note": "Otra"}, version=1).status_code == 412
    [said] = memberships.emitted(MEMBERSHIP_UPDATED)
    assert (said.data["changed"], "mañanas" in str(said.data)) == (["card_id", "note"], False)
    entry = lucia.get(f"{ROOT}/{one}/changes").json["items"][0]
    assert (entry["actor_name"], entry["changes"]["note"]) == ("Lucía Ortega", ["", "Prefiere las mañanas"])


def moved(by: Caller, membership_id: UUID, day: date) -> Any:
    asked = {"act": "payment_date", "membership_id": str(membership_id), "next_payment_on": str(day)}
    return by.post(f"{ROOT}/quotes", asked)


def test_a_moved_payment_date_moves_all_that_follow(lucia: Caller, member: MakeMember) -> None:
    today = clock.today("Europe/Madrid")
    one = member(today)
    shown = moved(lucia, one, today + timedelta(days=10))
    assert (shown.json["amount"], shown.json["more"]["days"]) == (0, 10)
    changed = edit(lucia, one, {"quote_id": shown.json["id"]})
    assert changed.json["next_payment_on"] == str(today + timedelta(days=10)), changed.json
    payments = lucia.get(f"{ROOT}/{one}/forecast").json["payments"]
    assert len(payments) == 12
    assert [payments[0]["due_on"], payments[1]["due_on"]] == [
        shown.json["dates"]["next_payment_on"], shown.json["dates"]["payment_after"]
    ]  # fmt: skip


def test_a_payment_date_is_not_before_today_and_far_only_with_permission(
    memberships: ServiceUnderTest, lucia: Caller, member: MakeMember
) -> None:
    today = clock.today("Europe/Madrid")
    one = member(today)
    assert "next_payment_on" in moved(lucia, one, today - timedelta(days=1)).json["errors"]
    assert moved(lucia, one, today + timedelta(days=40)).json["needs"] == ["memberships.date.write"]
    desk = memberships.signed_in("memberships.read", "memberships.write")
    assert moved(desk, one, today + timedelta(days=40)).status_code == 403
    assert moved(desk, one, today + timedelta(days=20)).status_code == 201


def test_a_quote_of_one_membership_moves_no_other(lucia: Caller, member: MakeMember) -> None:
    today = clock.today("Europe/Madrid")
    one, other = member(today), member(today)
    shown = moved(lucia, one, today + timedelta(days=5))
    assert edit(lucia, other, {"quote_id": shown.json["id"]}).status_code == 422
