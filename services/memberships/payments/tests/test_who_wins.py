"""Two at once at one membership: whoever comes first, a period is charged once, and nothing is left between."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import Any
from uuid import UUID

import pytest

from services.memberships.billing import clock as billing
from services.memberships.conftest import MADRID
from services.memberships.payments import work
from shared import clock
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest

ROUNDS = 10
Does = Callable[[UUID], Any]


class Desk:
    """Everybody who wants something of a membership; each answers a status, or nothing."""

    def __init__(self, service: ServiceUnderTest, lucia: Caller, card: Any, tell: Any) -> None:
        self.service, self.lucia, self.tell = service, lucia, tell
        self.other_card = card()

    def clock(self, membership: UUID) -> None:
        billing.turn(self.service.database)

    def worker(self, membership: UUID) -> None:
        work.charge(self.service.database)

    def process(self, membership: UUID) -> int:
        return self.lucia.post(f"/api/v1/memberships/{membership}/process", {"period": 1}).status_code

    def edit(self, membership: UUID) -> int:
        body = {"card_id": str(self.other_card)}
        return self.lucia.patch(f"/api/v1/memberships/{membership}", body, key=str(new_id())).status_code

    def date(self, membership: UUID) -> int:
        day = clock.today("Europe/Madrid") + timedelta(days=3)
        body = {"act": "payment_date", "membership_id": str(membership), "next_payment_on": day.isoformat()}
        quote = self.lucia.post("/api/v1/memberships/quotes", body)
        if quote.status_code != 201:
            return quote.status_code
        taken = {"quote_id": quote.json["id"]}
        return self.lucia.patch(f"/api/v1/memberships/{membership}", taken, key=str(new_id())).status_code

    def webhook(self, membership: UUID) -> None:
        for name in self.service.rows("SELECT gateway_id FROM attempts WHERE gateway_id IS NOT NULL"):
            self.tell("charge", name)
        work.work_off_webhooks(self.service.database)


WHO = ("clock", "worker", "process", "edit", "date", "webhook")


@pytest.fixture
def desk(memberships, lucia, card, tell) -> Desk:
    return Desk(memberships, lucia, card, tell)


@pytest.fixture
def both() -> Iterator[Callable[[Does, Does, UUID], list[Any]]]:
    """A function that lets two do what they do to a membership at the same moment."""
    with ThreadPoolExecutor(2) as pool:

        def run(one: Does, other: Does, membership: UUID) -> list[Any]:
            start = threading.Barrier(2)

            def go(does: Does) -> Any:
                start.wait()
                return does(membership)

            return [each.result() for each in [pool.submit(go, one), pool.submit(go, other)]]

        yield run


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(WHO, 2)))
def test_whoever_wins_a_period_is_charged_once(desk, both, member, card, sandbox, charge, one, other):
    _race(desk, both, member, card, sandbox, charge, one, other, ROUNDS // 5)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(WHO, 2)))
def test_whoever_wins_two_hundred_times_a_period_is_charged_once(desk, both, member, card, sandbox, charge, one, other):
    _race(desk, both, member, card, sandbox, charge, one, other, 200)


def _race(desk, both, member, card, sandbox, charge, one, other, rounds):
    pays = card()
    for _ in range(rounds):
        mine = member(card_id=pays, branch_id=MADRID, next_due_at=clock.now() - timedelta(minutes=1))
        said = both(getattr(desk, one), getattr(desk, other), mine)
        assert {status for status in said if status} <= {200, 202, 409, 412, 422}, said  # 422: that is the date already
        desk.clock(mine)
        charge()
        charge()
        _is_charged_once(desk.service, sandbox, mine)


def _is_charged_once(service: ServiceUnderTest, sandbox: Any, membership: UUID) -> None:
    dues = service.rows("SELECT id, number, state FROM dues WHERE membership_id = :id", id=membership)
    moved = service.rows("SELECT next_due_at > :now FROM memberships WHERE id = :id", now=clock.now(), id=membership)
    assert [(number, state) for _, number, state in dues] in ([(1, "paid")], []) and moved == [True]
    for due_id, _, _ in dues:
        taken = sandbox.rows("SELECT captured FROM payments WHERE due_id = ? AND captured > 0", str(due_id))
        assert taken == [(4900,)]
    assert service.rows("SELECT 1 FROM attempts WHERE state NOT IN ('succeeded', 'void', 'declined_soft')") == []
