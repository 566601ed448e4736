"""What is owed adds up from the ledgers, as of any day."""

from datetime import datetime, timedelta
from typing import Any

from services.memberships.balances.tests.test_balances import PLAIN as MOVED
from services.memberships.balances.tests.test_balances import ROOT as BALANCES
from services.memberships.conftest import EVERYTHING, MADRID, MARIA, MIAMI, PEELING
from services.memberships.credits.tests.conftest import BOUGHT, pay
from services.memberships.gift_cards.tests.test_gift_cards import PLAIN as SOLD
from services.memberships.gift_cards.tests.test_gift_cards import ROOT as GIFT_CARDS
from services.memberships.gift_cards.tests.test_gift_cards import redeem
from services.memberships.plans.terms import Benefit
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/reports/liabilities"
FIRST = datetime.fromisoformat("2026-03-02T12:00:00+01:00")


def owed(caller: Caller, **query: Any) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    answer = caller.get(ROOT, query_string=query)
    assert answer.status_code == 200, answer.json
    return {
        (each["branch_name"], each["currency"]): (
            each["credits"], each["credits_value"], each["gift_cards"], each["balances"],
        )
        for each in answer.json["items"]
    }  # fmt: skip


def test_what_is_owed_is_told_per_branch_and_currency_as_of_a_day(
    memberships: ServiceUnderTest,
    member: Any,
    travel_to: Any,
) -> None:
    travel_to(FIRST)
    staff = memberships.signed_in(*EVERYTHING)
    pay(memberships, member(), 1, FIRST.date(), Benefit(3, service_id=str(PEELING)))
    staff.post("/api/v1/memberships/service-credits", BOUGHT)
    card = staff.post(GIFT_CARDS, SOLD).json
    staff.post(f"{BALANCES}/{MARIA}/movements", MOVED)
    travel_to(FIRST + timedelta(days=1))
    staff = memberships.signed_in(*EVERYTHING)
    hold = {"client_id": str(MARIA), "service_id": str(PEELING), "quantity": 1, "reference": "A-1"}
    held = staff.post("/api/v1/memberships/credits/holds", hold).json["id"]
    assert owed(staff)["Salamanca", "EUR"][0] == 5  # what is held is owed
    staff.post(f"/api/v1/memberships/credits/holds/{held}/use")
    redeem(staff, card, 2500)
    dollars = {"currency": "USD", "branch_id": str(MIAMI)}
    staff.post(f"{BALANCES}/{MARIA}/movements", MOVED | dollars)
    assert owed(staff) == {("Brickell", "USD"): (0, 0, 0, 2000), ("Salamanca", "EUR"): (4, 3267, 7500, 2000)}
    assert owed(staff, as_of="2026-03-02") == {("Salamanca", "EUR"): (5, 4900, 10000, 2000)}
    assert owed(staff, as_of="2026-03-01") == {}
    assert list(owed(staff, branch_id=MIAMI)) == [("Brickell", "USD")]


def test_a_branch_sees_its_own(memberships: ServiceUnderTest, lucia: Caller) -> None:
    lucia.post(f"{BALANCES}/{MARIA}/movements", MOVED)
    in_miami = memberships.signed_in("memberships.billing", branches=[MIAMI])
    assert owed(in_miami) == {}
    assert in_miami.get(ROOT, query_string={"branch_id": MADRID}).status_code == 404
    assert memberships.signed_in("memberships.read").get(ROOT).status_code == 403
    assert lucia.get(ROOT, query_string={"as_of": "yesterday"}).status_code == 422
