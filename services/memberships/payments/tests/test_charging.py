"""Attempts through a real sandbox process: each is taken once, whatever is lost on the way."""

import pytest

from services.memberships.payments import work
from shared.contracts.memberships import PAYMENT_ACTION_REQUIRED, PAYMENT_FAILED, PAYMENT_SUCCEEDED

ATTEMPTS = "SELECT number, state, code FROM attempts ORDER BY due_id, number"


@pytest.fixture
def book(memberships, sandbox):
    """A function that answers what the gateway took by our attempts, one amount for each payment it knows."""

    def taken() -> list[int]:
        ours = [str(row) for row in memberships.rows("SELECT id FROM attempts")]
        found = sandbox.rows(f"SELECT captured FROM payments WHERE attempt_id IN ({','.join('?' * len(ours))})", *ours)
        return sorted(row[0] for row in found)

    return taken


def test_a_due_period_is_taken_once(memberships, owes, charge, book):
    owes()
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded", None)]
    assert memberships.rows("SELECT state, tender FROM dues") == [("paid", "card")]
    assert book() == [4900]
    [said] = memberships.emitted(PAYMENT_SUCCEEDED)
    assert (said.data["amount"], said.data["card_last_four"]) == (4900, "4242")


def test_a_soft_decline_is_told_and_planned_again(memberships, owes, charge, book):
    owes("insufficient_funds")
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "declined_soft", "insufficient_funds")]
    assert memberships.rows("SELECT state, retry_at IS NOT NULL FROM dues") == [("open", True)]
    assert memberships.emitted(PAYMENT_FAILED)[0].data["code"] == "insufficient_funds"
    assert book() == [0]


def test_a_hard_decline_waits_for_another_card(memberships, owes, charge):
    owes("hard_decline")
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "declined_hard", "stolen_card")]
    assert memberships.rows("SELECT collection FROM memberships") == ["waits_for_card"]


def test_an_answer_that_was_lost_is_asked_for_by_its_id_however_late(memberships, owes, charge, later, book):
    owes("answer_lost")
    work.charge(memberships.database)
    assert memberships.rows(ATTEMPTS) == [(1, "unknown", None)]
    later(days=5)
    charge()
    assert memberships.rows(ATTEMPTS) == [(1, "succeeded", None)]
    assert book() == [4900]


def test_the_bank_asks_for_the_client_and_nothing_is_tried_until_then(memberships, owes, charge, sandbox, later):
    owes("needs_client")
    charge()
    [(state, url, gateway_id)] = memberships.rows("SELECT state, client_url, gateway_id FROM attempts")
    assert state == "needs_client" and gateway_id in url
    assert len(memberships.emitted(PAYMENT_ACTION_REQUIRED)) == 1
    assert memberships.rows("SELECT collection FROM memberships") == ["needs_client"]
    sandbox.ask("POST", f"/v1/payments/{gateway_id}/ask-client", return_url="")  # a second look changes nothing
    later(minutes=1)
    charge()
    assert len(memberships.emitted(PAYMENT_ACTION_REQUIRED)) == 1
    assert memberships.rows("SELECT state FROM attempts") == ["needs_client"]
