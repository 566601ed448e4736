"""What is lost, late, twice or out of order on the way of a payment: nobody is charged twice, nothing is guessed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from services.memberships.dues import actions as dues
from services.memberships.dues.models import Due
from services.memberships.gateways.sandbox_gateway import SandboxGateway, over_http
from services.memberships.gateways.tests.sandbox_process import KEY
from services.memberships.memberships.models import Membership
from services.memberships.payments import pipeline, work
from services.memberships.payments.pipeline import IN_FLIGHT, PIPELINE
from services.memberships.payments.tests.conftest import raise_period
from shared.actor import acting
from shared.contracts.memberships import PAYMENT_FAILED, PAYMENT_SUCCEEDED
from shared.testing.eventually import eventually

ATTEMPTS = "SELECT number, state FROM attempts ORDER BY number"
NOBODY = SandboxGateway("main", over_http("http://127.0.0.1:9", KEY), KEY, "")
"""A gateway that does not answer."""
CONNECTIONS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def press(lucia):
    return lambda membership_id: lucia.post(f"/api/v1/memberships/{membership_id}/process", {"period": 1})


def captured(sandbox, memberships) -> int:
    """What the gateway has taken by our attempts."""
    ours = [str(attempt) for attempt in memberships.rows("SELECT id FROM attempts")]
    places = ",".join("?" * len(ours))
    [(taken,)] = sandbox.rows(f"SELECT sum(captured) FROM payments WHERE attempt_id IN ({places})", *ours)
    return taken


def confirm_late(sandbox, memberships) -> str:
    """The client pays a declined attempt after all, on the bank's page."""
    [payment] = memberships.rows("SELECT gateway_id FROM attempts WHERE number = 1")
    sandbox.ask("POST", f"/v1/payments/{payment}/ask-client", return_url="")
    sandbox.confirm_at_bank(payment)
    return payment


def test_twenty_calls_are_in_flight_and_no_transaction_is_open_meanwhile(memberships, member, card, sandbox):
    slow = card("slow")
    for _ in range(IN_FLIGHT):
        raise_period(memberships, member(card_id=slow))
    ours = memberships.rows("SELECT id::text FROM attempts")
    places = ",".join("?" * len(ours))
    working = f"SELECT count(*) FROM payments WHERE state = 'processing' AND attempt_id IN ({places})"
    with ThreadPoolExecutor() as pool:
        turn = pool.submit(work.charge, memberships.database)
        eventually(lambda: sandbox.rows(working, *ours) == [(IN_FLIGHT,)])
        for _ in range(5):
            assert memberships.rows(f"SELECT query {CONNECTIONS} AND state LIKE 'idle in transaction%'") == []
        assert sandbox.rows(working, *ours) == [(IN_FLIGHT,)], "the calls were over before we looked"
        assert turn.result()
    assert memberships.rows("SELECT DISTINCT state FROM attempts") == ["succeeded"]


def test_a_gateway_that_is_down_has_charged_nobody_and_is_asked_again(memberships, owes, charge, later, sandbox):
    owes()
    pipeline.turn(memberships.database, lambda account: NOBODY)
    assert memberships.rows("SELECT state, gateway_id FROM attempts") == [("sent", None)]
    later(seconds=5)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded")]
    assert captured(sandbox, memberships) == 4900


def test_a_lost_answer_is_looked_up_at_once_however_often_workers_were_killed_before(
    memberships, member, card, charge, later
):
    raise_period(memberships, member(card_id=card("answer_lost")))
    with memberships.database.transaction() as session:
        session.execute(text("UPDATE attempts SET looks = 8"))
    charge()
    assert memberships.rows("SELECT state FROM attempts") == ["unknown"]
    later(seconds=2)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded")]


def test_a_key_older_than_twenty_hours_is_never_used_again(memberships, owes, charge, later, sandbox):
    owes()
    pipeline.turn(memberships.database, lambda account: NOBODY)
    later(hours=20, minutes=1)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "void"), (2, "succeeded")]
    [first] = memberships.rows("SELECT id::text FROM attempts WHERE number = 1")
    assert sandbox.rows("SELECT 1 FROM payments WHERE attempt_id = ?", first) == []
    assert captured(sandbox, memberships) == 4900


def test_an_earlier_attempt_that_has_succeeded_after_all_is_the_answer(
    memberships, owes, charge, later, press, sandbox
):
    mine = owes("insufficient_funds")
    charge()
    confirm_late(sandbox, memberships)
    later(minutes=16)
    assert press(mine).status_code == 202
    charge()
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded"), (2, "void")]
    assert memberships.rows("SELECT state FROM dues") == ["paid"]
    assert captured(sandbox, memberships) == 4900


def test_money_that_comes_for_what_was_paid_at_the_desk_goes_back(memberships, owes, charge, sandbox, tell, lucia):
    mine = owes("insufficient_funds")
    charge()
    with acting(PIPELINE), memberships.database.transaction() as session:
        session.get(Membership, mine, with_for_update=True)
        due = session.query(Due).one()
        dues.settle(session, due, "cash", 4900, "till 7")
    tell("charge", confirm_late(sandbox, memberships))
    charge()
    assert memberships.rows("SELECT state, tender, refunded FROM dues") == [("settled", "cash", 0)]
    assert memberships.rows("SELECT state, amount, surplus FROM refunds") == [("succeeded", 4900, True)]
    shown = lucia.get(f"/api/v1/memberships/{mine}/payments").json["items"]
    assert {each["kind"] for each in shown} == {"attempt", "settlement", "refund"}


def test_a_webhook_twice_late_and_out_of_order_does_no_harm(memberships, owes, charge, sandbox, tell):
    owes()
    charge()
    [payment] = memberships.rows("SELECT gateway_id FROM attempts")
    tell("charge", payment)
    tell("charge", payment)
    charge()
    assert len(memberships.emitted(PAYMENT_SUCCEEDED)) == 1
    assert memberships.rows("SELECT count(*) FROM webhook_events WHERE look_at IS NOT NULL") == [0]


def test_a_webhook_before_our_own_answer_is_the_answer(memberships, owes, charge, sandbox, tell):
    owes("answer_lost")
    work.charge(memberships.database)
    [payment] = memberships.rows("SELECT gateway_id FROM attempts")
    tell("charge", payment)
    work.work_off_webhooks(memberships.database)
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded")]
    charge()
    assert len(memberships.emitted(PAYMENT_SUCCEEDED)) == 1


def test_a_webhook_about_what_is_not_ours_is_let_go_after_a_while(memberships, sandbox, tell, later):
    tell("charge", "pay_" + "0" * 32)
    for _ in range(12):
        work.work_off_webhooks(memberships.database)
        later(hours=2)
    assert memberships.rows("SELECT looks, look_at FROM webhook_events") == [(12, None)]


def test_the_database_goes_away_in_mid_charge_and_the_card_is_charged_once(memberships, owes, charge, later, sandbox):
    owes("slow")
    with ThreadPoolExecutor() as pool:
        turn = pool.submit(work.charge, memberships.database)
        [attempt] = memberships.rows("SELECT id::text FROM attempts")
        at_work = "SELECT 1 FROM payments WHERE attempt_id = ? AND state = 'processing'"
        eventually(lambda: sandbox.rows(at_work, attempt))
        memberships.rows(f"SELECT pg_terminate_backend(pid) {CONNECTIONS}")
        turn.exception(timeout=30)  # whether it minds or not
    later(minutes=2)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded")]
    assert captured(sandbox, memberships) == 4900
    assert len(memberships.emitted(PAYMENT_SUCCEEDED)) == 1


def test_a_client_who_does_not_confirm_for_three_days_has_failed(memberships, owes, charge, later):
    owes("needs_client")
    charge()
    later(hours=72, minutes=1)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "declined_soft")]
    [failed] = memberships.emitted(PAYMENT_FAILED)
    assert failed.data["action_required"] is True
