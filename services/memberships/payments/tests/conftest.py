"""Members with a period to pay, and the worker's turn at it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.memberships.billing.clock import CLOCK
from services.memberships.billing.period import raise_next_period
from services.memberships.gateways.sandbox.signature import HEADER, signature
from services.memberships.gateways.tests.sandbox_process import KEY
from services.memberships.memberships.models import Membership
from services.memberships.payments import work
from shared import clock
from shared.actor import acting
from shared.ids import new_id
from shared.testing.service import ServiceUnderTest

Raise = Callable[..., UUID]
Charge = Callable[[], None]


@pytest.fixture
def owes(memberships: ServiceUnderTest, member: Any, card: Any) -> Raise:
    """A function that makes a member with a card that behaves so, and raises the first period; the membership's id."""

    def make(behaves: str | None = "accepted", **facts: Any) -> UUID:
        membership_id: UUID = member(card_id=card(behaves) if behaves else None, **facts)
        raise_period(memberships, membership_id)
        return membership_id

    return make


def raise_period(memberships: ServiceUnderTest, membership_id: UUID) -> None:
    """What the clock does for one."""
    with acting(CLOCK), memberships.database.transaction() as session:
        membership = session.get_one(Membership, membership_id, with_for_update=True)
        raise_next_period(session, membership)


@pytest.fixture
def charge(memberships: ServiceUnderTest) -> Charge:
    """A function that lets a worker do what there is for payments to do now."""

    def turns() -> None:
        while work.charge(memberships.database) or work.work_off_webhooks(memberships.database):
            pass
        work.refund(memberships.database)

    return turns


@pytest.fixture
def later(travel_to: Any) -> Callable[..., None]:
    """A function that moves the clock on."""
    return lambda **time: travel_to(clock.now() + timedelta(**time))


@pytest.fixture
def tell(memberships: ServiceUnderTest, sandbox: Any) -> Callable[[str, str], None]:
    """A function that tells the service, as the sandbox does, that something became of an object."""

    def say(kind: str, name: str) -> None:
        body = orjson.dumps({"id": f"evt_{new_id().hex}", "account": "main", "kind": kind, "object": name})
        answer = memberships.anonymous().post(
            "/api/v1/memberships/webhooks/sandbox",
            key=None,
            data=body,
            headers={HEADER: signature(KEY, body), "Content-Type": "application/json"},
        )
        assert answer.status_code == 200, answer.text

    return say
