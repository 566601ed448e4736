"""Plans over HTTP."""

from typing import Any

import pytest

from services.memberships.conftest import EVERYTHING, MADRID, MIAMI, PEELING, UNKNOWN, MakeMember
from shared.contracts.memberships import PLAN_PUBLISHED
from shared.testing.service import Caller, ServiceUnderTest

PLANS = "/api/v1/memberships/plans"
FACIAL = {"quantity": 2, "category": "Facial"}
TERMS = {"price": 4900, "currency": "EUR", "benefits": [FACIAL], "commitment_periods": 6}


def made(by: Caller, **details: Any) -> dict[str, Any]:
    terms = TERMS | details.pop("terms", {})
    answer = by.post(PLANS, {"name": "Mensual Facial", "terms": terms} | details)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_plan_says_its_terms_in_plain_sentences(memberships: ServiceUnderTest, lucia: Caller) -> None:
    plan = made(lucia)
    assert plan["preview"][:3] == [
        "€49.00 a month.",
        "2 credits of Facial each period, to be used within the period.",
        "Commitment of 6 months.",
    ]
    spanish = memberships.signed_in(*EVERYTHING, language="es").get(f"{PLANS}/{plan['id']}").json
    assert spanish["preview"][:3] == [
        "49,00\u00a0€ al mes.",
        "2 créditos de Facial por periodo, que caducan al final del periodo.",
        "Permanencia de 6 meses.",
    ]
    assert [event.data["price"] for event in memberships.emitted(PLAN_PUBLISHED)] == [4900]


def test_a_plan_may_begin_as_one_that_is_not_sold_yet(lucia: Caller) -> None:
    made = lucia.post(PLANS, {"name": "Navidad", "active": False, "terms": {"price": 4900, "currency": "EUR"}})
    assert (made.status_code, made.json["active"]) == (201, False)


def test_new_terms_are_a_version_and_members_keep_theirs(lucia: Caller, member: MakeMember) -> None:
    plan = made(lucia)
    member(plan_id=plan["id"])
    dearer = lucia.post(f"{PLANS}/{plan['id']}/terms", TERMS | {"price": 5900})
    assert (dearer.status_code, dearer.json["number"]) == (201, 2)
    versions = lucia.get(f"{PLANS}/{plan['id']}/terms").json["items"]
    assert [(one["number"], one["terms"]["price"], one["members"]) for one in versions] == [(2, 5900, 0), (1, 4900, 1)]
    assert lucia.get(f"{PLANS}/{plan['id']}").json["terms"]["price"] == 5900


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"price": -1}, "price"),
        ({"currency": "USD"}, "branch_ids"),
        ({"currency": "???"}, "currency"),
        ({"interval": {"unit": "day"}}, "interval.unit"),
        ({"interval": {"unit": "month", "count": 0}}, "interval.count"),
        ({"benefits": [{"quantity": 1, "category": "Astrología"}]}, "benefits.0.category"),
        ({"benefits": [{"quantity": 1, "service_id": str(UNKNOWN)}]}, "benefits.0.service_id"),
        ({"benefits": [FACIAL | {"service_id": str(PEELING)}]}, "benefits.0.category"),
        ({"benefits": [FACIAL | {"expires": "after_days"}]}, "benefits.0.days"),
        ({"cancellation": {"kind": "fixed"}}, "cancellation.amount"),
        ({"cancellation": {"kind": "share", "share": 50}, "commitment_periods": 0}, "commitment_periods"),
        ({"ends_after_periods": 3}, "commitment_periods"),
        ({"then_plan_id": str(UNKNOWN)}, "ends_after_periods"),
        ({"then_plan_id": str(UNKNOWN), "ends_after_periods": 12}, "then_plan_id"),
        ({"freezing": {"rules": [{"mode": "shift_payments"}]}}, "freezing.days_a_year"),
        ({"freezing": {"days_a_year": 30}}, "freezing.rules"),
        ({"discount": 3}, "discount"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(lucia: Caller, terms: dict[str, Any], field: str) -> None:
    given = {"name": "Facial", "branch_ids": [str(MADRID)], "terms": TERMS | terms}
    answer = lucia.post(PLANS, given)
    assert answer.status_code == 422
    found = answer.json["errors"] | answer.json["errors"].get("terms", {})
    for name in field.split("."):
        found = found[name]
    assert isinstance(found[0], str), answer.json
    assert lucia.get(PLANS).json["items"] == []


def test_a_branch_sees_what_it_sells(lucia: Caller) -> None:
    euros, dollars = made(lucia), made(lucia, branch_ids=[str(MIAMI)], terms={"currency": "USD"})
    old = made(lucia, branch_ids=[str(MADRID)])
    assert lucia.patch(f"{PLANS}/{old['id']}", {"active": False}, version=1).status_code == 200
    assert [one["id"] for one in lucia.get(f"{PLANS}?branch_id={MADRID}").json["items"]] == [euros["id"]]
    assert [one["id"] for one in lucia.get(f"{PLANS}?branch_id={MIAMI}").json["items"]] == [dollars["id"]]


def test_who_runs_one_branch_changes_its_plans_only(memberships: ServiceUnderTest, lucia: Caller) -> None:
    everywhere = made(lucia)
    manager = memberships.signed_in(*EVERYTHING, branches=[MADRID])
    assert manager.patch(f"{PLANS}/{everywhere['id']}", {"name": "Otra"}).status_code == 403
    assert made(manager, branch_ids=[str(MADRID)])["version"] == 1
    assert manager.post(PLANS, {"name": "Otra", "terms": TERMS}).status_code == 403


def test_a_stale_change_is_told_what_happened(lucia: Caller) -> None:
    plan = made(lucia)
    assert lucia.patch(f"{PLANS}/{plan['id']}", {"name": "Facial mensual"}, version=1).json["version"] == 2
    stale = lucia.patch(f"{PLANS}/{plan['id']}", {"description": "—"}, version=1)
    assert (stale.status_code, stale.json["changes"][0]["changes"]) == (
        412, {"name": ["Mensual Facial", "Facial mensual"]}
    )  # fmt: skip
