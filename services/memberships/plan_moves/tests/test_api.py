"""Moving a plan's members to newer terms."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.memberships.conftest import MakeMember, MakePlan
from services.memberships.plan_moves import actions
from services.memberships.plan_moves.work import move_members
from shared import clock
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships"


@pytest.fixture
def dearer(lucia: Caller, plan: MakePlan) -> UUID:
    """A plan whose second terms cost 10 euros more."""
    plan_id = plan()
    terms = lucia.get(f"{ROOT}/plans/{plan_id}").json["terms"] | {"price": 5900}
    assert lucia.post(f"{ROOT}/plans/{plan_id}/terms", terms).status_code == 201
    return plan_id


def in_days(count: int) -> dict[str, Any]:
    return {"effective_on": str(clock.today("UTC") + timedelta(days=count))}


def test_a_dry_run_counts_and_moves_nobody(
    memberships: ServiceUnderTest, lucia: Caller, dearer: UUID, member: MakeMember
) -> None:
    for facts in ({}, {}, {"lifecycle": "ended"}, {"terms_number": 2}):
        member(plan_id=dearer, **facts)
    shown = lucia.post(f"{ROOT}/plans/{dearer}/moves/preview", in_days(30)).json
    assert (shown["terms_number"], shown["members"]) == (2, 2)
    assert shown["groups"] == [{"terms_number": 1, "members": 2, "stay": 0, "price": 4900, "difference": 1000}]
    assert memberships.rows("SELECT count(*) FROM plan_changes") == [0]


def test_members_are_told_before(lucia: Caller, dearer: UUID) -> None:
    assert list(lucia.post(f"{ROOT}/plans/{dearer}/moves/preview", in_days(2)).json["errors"]) == ["effective_on"]


def test_a_move_that_was_stopped_goes_on_and_moves_each_once(
    memberships: ServiceUnderTest, lucia: Caller, dearer: UUID, member: MakeMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = [member(plan_id=dearer) for _ in range(5)]
    begun = lucia.post(f"{ROOT}/plans/{dearer}/moves", in_days(10))
    assert (begun.status_code, begun.json["members"]) == (201, 5)
    assert lucia.post(f"{ROOT}/plans/{dearer}/moves", in_days(10)).status_code == 409
    assert move_members(memberships.database)
    [half] = lucia.get(f"{ROOT}/plans/{dearer}/moves").json["items"]
    assert (half["moved"], half["state"]) == (2, "running")
    while move_members(memberships.database):
        pass
    [done] = lucia.get(f"{ROOT}/plans/{dearer}/moves").json["items"]
    assert (done["moved"], done["state"]) == (5, "done")
    assert memberships.rows("SELECT count(*), count(DISTINCT membership_id) FROM plan_changes") == [(5, 5)]
    later = [payment["amount"] for payment in lucia.get(f"{ROOT}/{ids[0]}/forecast").json["payments"]]
    assert later[:2] == [4900, 5900]
    assert lucia.post(f"{ROOT}/plans/{dearer}/moves", in_days(10)).json["code"] == "nobody_to_move"
