"""Lots of credits to try things with."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from services.memberships.conftest import MADRID, MARIA, PEELING, ZONES
from services.memberships.credits import actions
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.plans.terms import Benefit, Terms
from shared import clock
from shared.actor import Context, acting
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest

BOUGHT = {
    "client_id": str(MARIA),
    "branch_id": str(MADRID),
    "service_id": str(PEELING),
    "comment": "Bono",
    "quantity": 2,
}
"""Services of María's, bought ahead in Madrid."""

AddCredits = Callable[..., dict[str, Any]]
PayPeriod = Callable[..., Due]


@pytest.fixture
def add_credits(lucia: Caller) -> AddCredits:
    """A function that adds credits of a service by hand, by default two peelings of María's in Madrid."""

    def add(quantity: int = 2, **given: Any) -> dict[str, Any]:
        answer = lucia.post("/api/v1/memberships/service-credits", BOUGHT | {"quantity": quantity} | given)
        assert answer.status_code == 201, answer.json
        return answer.json

    return add


@pytest.fixture
def pay_period(memberships: ServiceUnderTest) -> PayPeriod:
    """`pay` of the service under test."""
    return partial(pay, memberships)


def pay(
    service: ServiceUnderTest, membership_id: UUID, number: int, starts_on: date, *benefits: Benefit, days: int = 30
) -> Due:
    """Pays a period of a membership and issues what these benefits earn, as the billing does."""
    with acting(Context("service:memberships", "event")), service.database.transaction() as session:
        membership = session.get_one(Membership, membership_id)
        due = Due(
            id=new_id(), version=1, kind="period", membership_id=membership_id, client_id=membership.client_id,
            payer_id=membership.payer_id, branch_id=membership.branch_id, number=number, starts_on=starts_on,
            ends_on=starts_on + timedelta(days), policy={}, due_on=starts_on, amount=4900, currency="EUR",
            state="paid", attempts=1, refunded=0, raised_at=clock.now(),
        )  # fmt: skip
        session.add(due)
        session.flush()
        actions.issue_for(session, membership, due, Terms(price=4900, currency="EUR", benefits=benefits))
    return due


def today() -> date:
    """In Madrid."""
    return clock.today(ZONES[MADRID])


def in_days(days: int) -> str:
    return str(today() + timedelta(days))
