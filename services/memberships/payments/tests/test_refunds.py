"""Refunds and disputes: rows first, never more than was captured, and what comes days later shows."""

import pytest

from services.memberships.conftest import MARIA
from shared.contracts.memberships import PAYMENT_DISPUTED, PAYMENT_REFUNDED

DUE = "SELECT state, refunded FROM dues"
CREDITS = "SELECT status, available, lapsed FROM credits"


@pytest.fixture
def paid(owes, charge):
    """A function that makes a membership whose first period is paid by a card that behaves so."""

    def make(behaves: str = "accepted"):
        membership_id = owes(behaves)
        charge()
        return membership_id

    return make


@pytest.fixture
def refund(lucia):
    """A function that asks for the quote of a refund and then does it; the answer of whichever was refused."""

    def do(membership_id, destination="card", **inputs):
        asked = {"act": "refund", "membership_id": str(membership_id), "period": 1, "reason": "Se mudó"}
        quote = lucia.post("/api/v1/memberships/quotes", asked | {"destination": destination} | inputs)
        if quote.status_code != 201:
            return quote
        url = f"/api/v1/memberships/{membership_id}/periods/1/refunds"
        return lucia.post(url, {"quote_id": quote.json["id"]})

    return do


def test_a_refund_goes_back_to_the_card_with_a_credit_note(memberships, paid, refund, charge, sandbox):
    mine = paid()
    answer = refund(mine)
    assert (answer.status_code, answer.json["state"]) == (201, "written")
    assert memberships.rows(DUE) == [("refunded", 4900)]
    assert memberships.rows(CREDITS) == [("withdrawn", 0, 2)]
    charge()
    assert memberships.rows("SELECT state FROM refunds") == ["succeeded"]
    [refund_id] = memberships.rows("SELECT id FROM refunds")
    assert sandbox.rows("SELECT amount, state FROM refunds WHERE refund_id = ?", str(refund_id)) == [
        (4900, "succeeded")
    ]
    assert memberships.rows("SELECT kind, total FROM invoices ORDER BY id") == [
        ("invoice", 4900),
        ("credit_note", -4900),
    ]
    assert [event.data["state"] for event in memberships.emitted(PAYMENT_REFUNDED)] == ["under_way", "succeeded"]


def test_never_more_goes_back_than_was_captured(memberships, paid, refund):
    mine = paid()
    assert refund(mine, amount=3000).status_code == 201
    assert refund(mine, amount=1901).status_code == 422
    assert refund(mine, amount=1900, credits="keep").status_code == 201
    assert memberships.rows(DUE) == [("refunded", 4900)]
    assert refund(mine, amount=1).status_code == 409


def test_a_refund_can_go_to_the_balance_at_once(memberships, paid, refund):
    mine = paid()
    answer = refund(mine, "balance", amount=1000, credits="keep")
    assert (answer.status_code, answer.json["state"]) == (201, "succeeded")
    assert memberships.rows("SELECT client_id, amount FROM balances") == [(MARIA, 1000)]
    assert memberships.rows(CREDITS) == [("active", 2, 0)]
    assert memberships.rows(DUE) == [("paid", 1000)]


def test_a_refund_that_fails_days_later_shows_and_the_money_is_ours_again(
    memberships, paid, refund, charge, later, lucia, sandbox
):
    mine = paid("refund_fails")
    refund(mine)
    charge()
    assert memberships.rows("SELECT state FROM refunds") == ["succeeded"]
    [name] = memberships.rows("SELECT gateway_id FROM refunds")
    sandbox.wait_for("SELECT 1 FROM refunds WHERE id = ? AND state = 'failed'", name)
    later(days=3)
    charge()
    assert memberships.rows("SELECT state FROM refunds") == ["failed"]
    assert memberships.rows(DUE) == [("paid", 0)]
    assert memberships.rows("SELECT sum(total) FROM invoices") == [4900]
    shown = lucia.get(f"/api/v1/memberships/{mine}/payments").json["items"]
    assert [each["state_said"] for each in shown if each["kind"] == "refund"] == [
        "The refund failed: the money is still with us"
    ]
    assert memberships.emitted(PAYMENT_REFUNDED)[-1].data["state"] == "failed"


def test_what_is_not_paid_is_not_given_back(owes, refund):
    mine = owes()
    answer = refund(mine)
    assert (answer.status_code, answer.json["code"]) == (409, "not_paid")


def test_a_refund_names_its_quote_and_what_changed_since_makes_a_new_one(memberships, paid, lucia, refund):
    mine = paid()
    asked = {"act": "refund", "membership_id": str(mine), "period": 1, "reason": "Se mudó", "destination": "card"}
    old = lucia.post("/api/v1/memberships/quotes", asked).json
    refund(mine, amount=1000, credits="keep")
    answer = lucia.post(f"/api/v1/memberships/{mine}/periods/1/refunds", {"quote_id": old["id"]})
    assert (answer.status_code, answer.json["code"]) == (409, "quote_changed")
    assert answer.json["quote"]["more"]["refund"] == 3900
    assert memberships.rows(DUE) == [("paid", 1000)]


@pytest.mark.parametrize(("decided", "due", "credits"), [("won", "paid", "active"), ("lost", "lost", "withdrawn")])
def test_a_dispute_holds_the_credits_until_it_is_decided(
    memberships, paid, refund, charge, sandbox, tell, decided, due, credits
):
    mine = paid("disputed")
    [payment] = memberships.rows("SELECT gateway_id FROM attempts")
    [(dispute,)] = sandbox.wait_for("SELECT id FROM disputes WHERE payment = ?", payment)
    tell("dispute", dispute)
    charge()
    assert memberships.rows(DUE) == [("disputed", 0)]
    assert memberships.rows("SELECT status FROM credits") == ["suspended"]
    assert refund(mine).json["code"] == "disputed"
    sandbox.ask("POST", f"/v1/disputes/{dispute}/close", state=decided)
    tell("dispute", dispute)
    charge()
    assert memberships.rows("SELECT state FROM disputes") == [decided]
    assert memberships.rows(DUE) == [(due, 0)]
    assert memberships.rows("SELECT status FROM credits") == [credits]
    assert [event.data["state"] for event in memberships.emitted(PAYMENT_DISPUTED)] == ["open", decided]
