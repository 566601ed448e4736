"""The account balance of a client: moved by hand, as a tender, and once for each cause."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.memberships.balances import actions
from services.memberships.conftest import MADRID, MARIA, MIAMI, UNKNOWN
from shared.actor import Context, acting
from shared.contracts.memberships import BALANCE_ADJUSTED
from shared.errors import Conflict
from shared.testing.service import Answer, Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/balances"
PLAIN = {"kind": "added", "amount": 2000, "currency": "EUR", "description": "Por la espera", "branch_id": str(MADRID)}

Move = Callable[..., Answer]


@pytest.fixture
def move(lucia: Caller) -> Move:
    """A function that moves María's balance by hand, by default twenty euros up."""
    return lambda caller=lucia, **given: caller.post(f"{ROOT}/{MARIA}/movements", PLAIN | given)


def shown(caller: Caller) -> dict[str, int]:
    balances = caller.get(f"{ROOT}/{MARIA}").json["balances"]
    return {balance["currency"]: balance["amount"] for balance in balances}


def spend(session: Session, amount: int, reference: str | None, **more: Any) -> Any:
    how: dict[str, Any] = {"kind": "spent", "description": "Periodo 2", "branch_id": MADRID} | more
    return actions.move(session, MARIA, "EUR", -amount, reference=reference, **how)


def test_a_balance_is_kept_per_currency_with_its_log(memberships: ServiceUnderTest, lucia: Caller, move: Move) -> None:
    move()
    move(kind="subtracted", amount=500, description="Champú")
    move(currency="USD", amount=300, branch_id=str(MIAMI))
    answer = lucia.get(f"{ROOT}/{MARIA}").json
    assert shown(lucia) == {"EUR": 1500, "USD": 300}
    log = [(each["currency"], each["amount"], each["balance"], each["description"]) for each in answer["items"]]
    waited = "Por la espera"
    assert log == [("USD", 300, 300, waited), ("EUR", -500, 1500, "Champú"), ("EUR", 2000, 2000, waited)]
    assert {each["actor_name"] for each in answer["items"]} == {"Lucía Ortega"}
    events = memberships.emitted(BALANCE_ADJUSTED)
    assert [(event.version, event.data["moved"]) for event in events] == [(1, 2000), (2, -500), (1, 300)]
    assert events[0].subject == events[1].subject != events[2].subject
    assert "espera" not in str(events[0].data)
    assert memberships.rows("SELECT DISTINCT about FROM audit WHERE kind = 'balance'") == [MARIA]


def test_below_zero_only_by_hand_with_the_permission(memberships: ServiceUnderTest, lucia: Caller, move: Move) -> None:
    careful = memberships.signed_in("balances.write")
    refused = move(careful, kind="subtracted", amount=1)
    assert (refused.status_code, refused.json["code"], refused.json["balance"]) == (409, "balance_too_small", 0)
    assert move(kind="subtracted", amount=700).json["balance"] == -700
    assert move(careful, amount=200).json["balance"] == -500  # up is always possible
    with pytest.raises(Conflict), memberships.database.transaction() as session:
        spend(session, 1, None)
    assert shown(lucia) == {"EUR": -500}


def test_a_cause_moves_once(memberships: ServiceUnderTest, lucia: Caller, move: Move) -> None:
    move()
    made = set()
    for _ in range(2):
        with acting(Context("service:memberships", "event")), memberships.database.transaction() as session:
            made.add(spend(session, 1500, "due:1").id)
    assert (len(made), shown(lucia)) == (1, {"EUR": 500})
    with pytest.raises(Conflict), memberships.database.transaction() as session:
        spend(session, 1, "due:1")


def test_the_same_key_moves_once(lucia: Caller) -> None:
    answers = [lucia.post(f"{ROOT}/{MARIA}/movements", PLAIN, key="the-same-key") for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert shown(lucia) == {"EUR": 2000}
    other = lucia.post(f"{ROOT}/{MARIA}/movements", PLAIN | {"amount": 1}, key="the-same-key")
    assert (other.status_code, shown(lucia)) == (422, {"EUR": 2000})


def test_many_at_once_never_spend_more_than_there_is(memberships: ServiceUnderTest, lucia: Caller, move: Move) -> None:
    move(amount=1000)

    def one(number: int) -> bool:
        try:
            with acting(Context("service:memberships", "event")), memberships.database.transaction() as session:
                spend(session, 300, f"due:{number}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(8))) == 3
    assert shown(lucia) == {"EUR": 100}


def test_the_first_two_of_a_client_at_once_make_one_balance(lucia: Caller, move: Move) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert {answer.status_code for answer in pool.map(lambda _: move(), range(4))} == {201}
    assert shown(lucia) == {"EUR": 8000}


@pytest.fixture
def session(memberships: ServiceUnderTest) -> Any:
    with acting(Context("service:memberships", "event")), Session(memberships.database.engine) as session:
        yield session
        session.rollback()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(-50, 50), st.booleans(), st.integers(0, 5)), max_size=15))
def test_a_balance_is_the_sum_of_its_movements(session: Session, moves: list[tuple[int, bool, int]]) -> None:
    with session.begin_nested() as everything:
        held = 0
        for amount, overdraw, reference in moves:
            before = held
            try:
                spend(session, -amount, f"due:{reference}", may_overdraw=overdraw)
            except Conflict:
                continue
            held, total = session.execute(SUMS, {"client": MARIA}).one()
            assert held == total
            assert held >= 0 or held >= before or overdraw
        rows = session.execute(text("SELECT amount, balance FROM balance_movements ORDER BY id")).all()
        assert [row.balance for row in rows] == [sum(each.amount for each in rows[: n + 1]) for n in range(len(rows))]
        everything.rollback()
    session.expire_all()


SUMS = text(
    "SELECT b.amount, (SELECT sum(m.amount) FROM balance_movements m WHERE m.client_id = b.client_id)"
    " FROM balances b WHERE b.client_id = :client"
)

BAD: dict[str, dict[str, Any]] = {
    "nothing": {"amount": 0},
    "below nothing": {"amount": -5},
    "a fraction": {"amount": 1.5},
    "too much": {"amount": 10**15},
    "another currency": {"currency": "USD"},
    "no currency": {"currency": "EURO"},
    "no description": {"description": "  "},
    "a kind of the system's": {"kind": "spent"},
    "no such branch": {"branch_id": str(UNKNOWN)},
    "another field": {"reference": "x"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_movement_is_refused_and_nothing_is_moved(lucia: Caller, move: Move, bad: dict[str, Any]) -> None:
    answer = move(**bad)
    assert (answer.status_code, list(answer.json["errors"])) == (422, list(bad))
    assert shown(lucia) == {}


def test_who_may_not_and_who_is_not_there(memberships: ServiceUnderTest, lucia: Caller, move: Move) -> None:
    in_miami = memberships.signed_in("balances.read", "balances.write", branches=[MIAMI])
    assert move(in_miami).status_code == 403
    assert memberships.signed_in("balances.read").post(f"{ROOT}/{MARIA}/movements", PLAIN).status_code == 403
    assert memberships.anonymous().get(f"{ROOT}/{MARIA}").status_code == 401
    assert lucia.get(f"{ROOT}/{UNKNOWN}").status_code == 404
    assert lucia.post(f"{ROOT}/{UNKNOWN}/movements", PLAIN).status_code == 404
    assert lucia.post(f"{ROOT}/{MARIA}/movements", PLAIN, key=None).status_code == 400
