from datetime import UTC, date, datetime

import pytest

from services.memberships.billing import clock
from services.memberships.conftest import MADRID, MIAMI, UNKNOWN
from shared.contracts import memberships as contracts

ROOT = "/api/v1/memberships"
CASH = {"tender": "cash", "amount": 4900, "reference": "T-1"}


@pytest.fixture
def owing(memberships, travel_to, member):
    """A membership without a card, whose first period is due and unpaid."""
    travel_to(datetime(2026, 3, 1, 12, tzinfo=UTC))
    membership = member(date(2026, 3, 1))
    while clock.turn(memberships.database):
        pass
    return membership


def test_cash_closes_a_period_and_everything_goes_on(memberships, lucia, owing):
    assert memberships.rows("SELECT standing, collection FROM memberships") == [("past_due", "waits_for_card")]
    answer = lucia.post(f"{ROOT}/{owing}/periods/1/settlements", CASH)
    assert (answer.status_code, answer.json["state"], answer.json["tender"]) == (201, "settled", "cash")
    assert memberships.rows("SELECT standing, collection FROM memberships") == [("good", "none")]
    assert memberships.rows("SELECT retry_at FROM dues") == [None]
    assert memberships.rows("SELECT quantity FROM credits") == [2]
    [said] = memberships.emitted(contracts.PAYMENT_SETTLED)
    assert (said.data["tender"], said.data["invoice_number"]) == ("cash", "M-000001")
    [reactivated] = memberships.emitted(contracts.MEMBERSHIP_REACTIVATED)
    assert reactivated.data["standing"] == "good"


def test_the_same_settlement_pressed_twice_is_one(memberships, lucia, owing):
    path = f"{ROOT}/{owing}/periods/1/settlements"
    first, again = (lucia.post(path, CASH, key="the-same-press") for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert lucia.post(path, CASH).status_code == 409, "another press of a page that was not refreshed"
    assert len(memberships.emitted(contracts.PAYMENT_SETTLED)) == 1


def test_what_is_not_the_whole_amount_is_refused(lucia, owing):
    answer = lucia.post(f"{ROOT}/{owing}/periods/1/settlements", CASH | {"amount": 100})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["amount"])
    assert answer.json["errors"]["amount"] == ["The whole amount is paid at once: €49.00."]


def test_the_balance_pays_only_what_it_holds(memberships, lucia, owing):
    answer = lucia.post(f"{ROOT}/{owing}/periods/1/settlements", CASH | {"tender": "balance"})
    assert answer.status_code == 409
    assert memberships.rows("SELECT state FROM dues") == ["open"]


def test_a_write_off_ends_the_asking_and_issues_nothing(memberships, lucia, owing):
    assert lucia.post(f"{ROOT}/{owing}/periods/1/write-off", {}).status_code == 422, "without a reason"
    answer = lucia.post(f"{ROOT}/{owing}/periods/1/write-off", {"reason": "moved away"})
    assert (answer.status_code, answer.json["state"]) == (201, "written_off")
    assert memberships.rows("SELECT standing FROM memberships") == ["good"]
    assert memberships.rows("SELECT count(*) FROM credits") == [0]
    assert memberships.rows("SELECT reason FROM audit WHERE kind = 'payment'") == ["moved away"]


def test_a_payment_on_its_way_is_waited_for(memberships, lucia, travel_to, member, card):
    travel_to(datetime(2026, 3, 1, 12, tzinfo=UTC))
    membership = member(date(2026, 3, 1), card_id=card())
    clock.turn(memberships.database)
    answer = lucia.post(f"{ROOT}/{membership}/periods/1/settlements", CASH)
    assert (answer.status_code, answer.json["code"]) == (409, "payment_on_its_way")


def test_only_who_may_closes_it_and_another_branch_does_not_know_it(memberships, lucia, owing):
    path = f"{ROOT}/{owing}/periods/1/settlements"
    reader = memberships.signed_in("memberships.read", branches=[MADRID])
    elsewhere = memberships.signed_in("memberships.read", "memberships.settle", branches=[MIAMI])
    assert reader.post(path, CASH).status_code == 403
    assert elsewhere.post(path, CASH).status_code == 404
    assert elsewhere.get(f"{ROOT}/dues").json["items"] == []
    assert lucia.post(f"{ROOT}/{owing}/periods/2/settlements", CASH).status_code == 404
    assert lucia.post(f"{ROOT}/{UNKNOWN}/periods/1/settlements", CASH).status_code == 404


def test_the_invoice_reads_in_the_language_of_the_reader(memberships, lucia, owing):
    [due] = lucia.get(f"{ROOT}/dues?membership_id={owing}&state=open").json["items"]
    shown = lucia.get(f"{ROOT}/invoices/{due['invoice_id']}").json
    assert (shown["number"], shown["total"], shown["branch_name"]) == ("M-000001", 4900, "Salamanca")
    assert shown["lines"][0]["text"] == "Membership from March 1, 2026 to March 31, 2026"
    spanish = memberships.signed_in("memberships.read", language="es").get(f"{ROOT}/invoices/{due['invoice_id']}").json
    assert spanish["lines"][0]["text"] == "Membresía del 1 de marzo de 2026 al 31 de marzo de 2026"
    assert [row["id"] for row in lucia.get(f"{ROOT}/invoices?membership_id={owing}").json["items"]] == [shown["id"]]
    elsewhere = memberships.signed_in("memberships.read", branches=[MIAMI])
    assert elsewhere.get(f"{ROOT}/invoices/{shown['id']}").status_code == 404
