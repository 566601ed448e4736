"""Process: the button takes the payment that it showed, once."""

import pytest

from services.memberships.conftest import EVERYTHING, MARIA, UNKNOWN
from shared.contracts.memberships import PAYMENT_SUCCEEDED

DUES = "SELECT number, state FROM dues ORDER BY number"


@pytest.fixture
def press(lucia):
    """A function that presses the button of a membership for a period."""
    return lambda membership_id, period: lucia.post(f"/api/v1/memberships/{membership_id}/process", {"period": period})


def test_a_payment_is_taken_once_however_often_process_is_pressed(memberships, member, card, press, charge):
    mine = member(card_id=card())
    first, again = press(mine, 1), press(mine, 1)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json["attempt"]["id"] == again.json["attempt"]["id"]
    charge()
    paid = press(mine, 1)
    assert (paid.status_code, paid.json["state"], paid.json["attempt"]) == (200, "paid", None)
    assert memberships.rows(DUES) == [(1, "paid")]
    assert len(memberships.emitted(PAYMENT_SUCCEEDED)) == 1


def test_a_refreshed_page_never_takes_the_next_month(memberships, owes, press, charge):
    mine = owes()
    charge()
    for _ in range(3):
        assert press(mine, 1).status_code == 200
    assert memberships.rows(DUES) == [(1, "paid")]
    assert press(mine, 2).status_code == 202  # the next one, by name


def test_another_period_than_the_next_unpaid_is_refused_and_named(owes, press, charge):
    mine = owes("insufficient_funds")
    charge()
    for period in (2, 3):
        answer = press(mine, period)
        assert (answer.status_code, answer.json["code"], answer.json["period"]) == (409, "another_period", 1)


def test_after_a_soft_decline_a_person_tries_again_once_in_fifteen_minutes(memberships, owes, press, charge, later):
    mine = owes("insufficient_funds")
    charge()
    answer = press(mine, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "just_tried")
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    later(minutes=15, seconds=1)
    assert press(mine, 1).status_code == 202
    charge()
    assert memberships.rows("SELECT number, state FROM attempts ORDER BY number") == [
        (1, "declined_soft"),
        (2, "declined_soft"),
    ]
    assert press(mine, 1).status_code == 409


def test_after_a_hard_decline_only_another_card_helps(memberships, owes, card, lucia, press, charge):
    mine = owes("hard_decline")
    charge()
    answer = press(mine, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "another_card_needed")
    edited = lucia.patch(f"/api/v1/memberships/{mine}", {"card_id": str(card())}, key="another-card")
    assert edited.status_code == 200
    charge()
    assert memberships.rows(DUES) == [(1, "paid")]


def test_a_card_is_asked_four_times_for_a_payment_and_no_more(memberships, owes, press, charge, later):
    mine = owes("insufficient_funds")
    for _ in range(3):
        charge()
        later(minutes=16)
        assert press(mine, 1).status_code == 202
    charge()
    later(minutes=16)
    answer = press(mine, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "card_asked_too_often")


def test_a_person_reads_every_attempt_with_card_time_who_and_why(owes, lucia, press, charge, later):
    mine = owes("insufficient_funds")
    charge()
    later(minutes=16)
    press(mine, 1)
    charge()
    by_hand, by_itself = lucia.get(f"/api/v1/memberships/{mine}/payments").json["items"]
    assert by_hand["by"] == "Lucía Ortega" and by_itself["by"] == "By itself"
    assert by_itself["reason"] == "There was not enough money on the card that day."
    assert (by_itself["amount"], by_itself["card_last_four"], by_itself["period"]) == (4900, "9995", 1)
    assert by_hand["at"] > by_itself["at"]


def test_pages_of_payments_go_on_where_the_one_before_ended(owes, lucia, press, charge, later):
    mine = owes("insufficient_funds")
    charge()
    later(minutes=16)
    press(mine, 1)
    whole = lucia.get(f"/api/v1/memberships/{mine}/payments").json["items"]
    first = lucia.get(f"/api/v1/memberships/{mine}/payments?limit=1").json
    rest = lucia.get(f"/api/v1/memberships/{mine}/payments?limit=1&cursor={first['next_cursor']}").json
    assert [*first["items"], *rest["items"]] == whole


@pytest.mark.parametrize("bad", [{"period": 0}, {"period": "7"}, {"period": -1}, {}, {"period": 1, "amount": 5}])
def test_a_bad_period_is_refused_and_nothing_happens(memberships, owes, lucia, bad):
    mine = owes()
    assert lucia.post(f"/api/v1/memberships/{mine}/process", bad).status_code == 422
    assert len(memberships.rows("SELECT 1 FROM attempts")) == 1


def test_who_may_not_process_here_cannot_and_who_may_not_see_finds_nothing(memberships, owes, lucia):
    mine = owes()
    reader = memberships.signed_in("memberships.read")
    assert reader.post(f"/api/v1/memberships/{mine}/process", {"period": 1}).status_code == 403
    elsewhere = memberships.signed_in(*EVERYTHING, branches=[UNKNOWN])
    assert elsewhere.post(f"/api/v1/memberships/{mine}/process", {"period": 1}).status_code == 404
    assert elsewhere.get(f"/api/v1/memberships/{mine}/payments").status_code == 404
    assert lucia.get(f"/api/v1/memberships/payments/attempts/{UNKNOWN}").status_code == 404
    [attempt] = memberships.rows("SELECT id FROM attempts")
    assert elsewhere.get(f"/api/v1/memberships/payments/attempts/{attempt}").status_code == 404
    assert lucia.get(f"/api/v1/memberships/payments/attempts/{attempt}").json["is_open"] is True


def test_without_a_card_nothing_is_raised(memberships, member, press):
    mine = member()
    answer = press(mine, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "no_card")
    assert memberships.rows(DUES) == []


def test_the_client_takes_another_card_in_place_of_confirming(memberships, owes, card, lucia, charge, sandbox):
    owes("needs_client")
    charge()
    [attempt] = memberships.rows("SELECT id FROM attempts")
    client = memberships.signed_in(kind="client", id=MARIA)
    url = f"/api/v1/memberships/payments/attempts/{attempt}"
    assert client.get(url).json["client_url"]
    other = card()
    assert client.post(f"{url}/card", {"card_id": str(other)}).status_code == 202
    charge()
    charge()
    assert memberships.rows("SELECT state FROM attempts ORDER BY number") == ["void", "succeeded"]
    assert sandbox.rows("SELECT state FROM payments WHERE attempt_id = ?", str(attempt)) == [("void",)]
    assert client.post(f"{url}/card", {"card_id": str(other)}).status_code == 409


def test_a_client_who_confirms_before_the_other_card_is_asked_has_paid(memberships, owes, card, lucia, charge, sandbox):
    owes("needs_client")
    charge()
    [(attempt, at_bank)] = memberships.rows("SELECT id, gateway_id FROM attempts")
    url = f"/api/v1/memberships/payments/attempts/{attempt}"
    sandbox.confirm_at_bank(at_bank)
    assert lucia.post(f"{url}/card", {"card_id": str(card())}).status_code == 202
    charge()
    assert memberships.rows("SELECT state FROM attempts") == ["succeeded"]
    assert memberships.rows(DUES) == [(1, "paid")]


def test_an_attempt_nobody_waits_for_any_more_counts_as_failed(memberships, owes, lucia, charge):
    mine = owes("needs_client")
    charge()
    [attempt] = memberships.rows("SELECT id FROM attempts")
    assert lucia.post(f"/api/v1/memberships/payments/attempts/{attempt}/cancellation").status_code == 202
    charge()
    [shown] = lucia.get(f"/api/v1/memberships/{mine}/payments").json["items"]
    assert (shown["state"], shown["reason"]) == (
        "declined_soft",
        "The client has not confirmed it with their bank.",
    )
