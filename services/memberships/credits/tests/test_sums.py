"""Whatever is done to credits in whatever order: nothing goes below nought, and the movements add up to the row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.memberships.conftest import MADRID, MARIA, PEELING
from services.memberships.copies.models import Branch
from services.memberships.credits import changes, holds
from services.memberships.credits.models import FLOWS, Credit, CreditHold, CreditMovement
from services.memberships.service_credits import actions as service_credits
from shared.actor import Context, acting
from shared.errors import FoyerError
from shared.testing.service import ServiceUnderTest

NUMBER = st.integers(0, 4)
NAMES = ("add", "hold", "hold", "use", "release", "withdraw", "revive", "suspend", "remove")
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), NUMBER, NUMBER), min_size=10, max_size=30)


@pytest.fixture
def session(memberships: ServiceUnderTest) -> Iterator[Session]:
    with acting(Context("service:memberships", "event")), Session(memberships.database.engine) as session:
        yield session
        session.rollback()


class Steps:
    """What one can do to credits, each with two small numbers to choose by."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.references = 0

    def add(self, quantity: int, _: int) -> None:
        branch = self.session.get_one(Branch, MADRID)
        given = {"service_id": PEELING, "quantity": quantity + 1, "expires_on": None, "comment": "x"}
        service_credits.add(self.session, MARIA, branch, given)

    def hold(self, quantity: int, _: int) -> None:
        self.references += 1
        holds.hold(self.session, holds.Asked(MARIA, PEELING, quantity + 1, f"R-{self.references}", MADRID))

    def use(self, which: int, _: int) -> None:
        holds.use(self.session, self._one(CreditHold, which, CreditHold.state == "held"))

    def release(self, which: int, _: int) -> None:
        holds.release(self.session, self._one(CreditHold, which, CreditHold.state == "held"))

    def withdraw(self, which: int, _: int) -> None:
        changes.change(self.session, self._one(Credit, which), {"status": "withdrawn", "reason": "x"})

    def revive(self, which: int, _: int) -> None:
        changes.change(self.session, self._one(Credit, which), {"status": "active", "expires_on": None, "reason": "x"})

    def suspend(self, which: int, _: int) -> None:
        changes.change(self.session, self._one(Credit, which), {"status": "suspended", "reason": "x"})

    def remove(self, which: int, quantity: int) -> None:
        service_credits.remove(self.session, self._one(Credit, which), quantity + 1, "x")

    def _one(self, model: type[Any], which: int, *wanted: ColumnElement[bool]) -> Any:
        rows = list(self.session.scalars(select(model).where(*wanted).order_by(model.id)))
        return rows[which % len(rows)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_sums_of_credits_agree_with_their_movements(session: Session, steps: list[tuple[str, int, int]]) -> None:
    with session.begin_nested() as everything:
        doing = Steps(session)
        doing.add(4, 0)
        doing.add(2, 0)
        for name, one, other in steps:
            try:
                with session.begin_nested():
                    getattr(doing, name)(one, other)
            except (FoyerError, ZeroDivisionError):  # refused, or there is none yet
                continue
        check(session)
        everything.rollback()
    session.expire_all()


def check(session: Session) -> None:
    """The constraints of the table have seen to it that nothing is below nought and that the rows add up."""
    for credit in session.scalars(select(Credit)):
        sums: Counter[str] = Counter()
        for movement in session.scalars(select(CreditMovement).where(CreditMovement.credit_id == credit.id)):
            source, target = FLOWS[movement.kind]
            sums[source or "new"] -= movement.quantity
            sums[target or "new"] += movement.quantity
        assert {name: sums[name] for name in ("available", "held", "used", "lapsed")} == {
            name: getattr(credit, name) for name in ("available", "held", "used", "lapsed")
        }
        assert -sums["new"] == credit.quantity
