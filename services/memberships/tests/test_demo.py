"""The demo's members."""

from collections.abc import Callable
from pathlib import Path

from services.memberships import demo
from services.memberships.gateways.sandbox.book import Book
from services.memberships.memberships.label import LABELS
from shared.contracts.memberships import MEMBERSHIP_STARTED
from shared.testing.service import ServiceUnderTest

KEPT = (
    "SELECT id, client_id, branch_id, plan_id, card_id, starts_on, next_due_on, lifecycle FROM memberships ORDER BY id"
)
EVERY_LEDGER = """
    SELECT (SELECT count(*) FROM dues WHERE state = 'paid' AND id NOT IN
               (SELECT due_id FROM attempts WHERE state = 'succeeded' AND attempts.amount = dues.amount)),
           (SELECT count(*) FROM dues JOIN invoices ON due_id = dues.id WHERE total <> amount),
           (SELECT count(*) FROM balances WHERE amount <>
               (SELECT sum(amount) FROM balance_movements AS moved WHERE moved.client_id = balances.client_id))
"""


def filled(service: ServiceUnderTest) -> bool:
    with service.database.transaction() as session:
        return demo.fill(session, b"a secret")


def test_the_demo_is_the_same_at_every_run_and_is_loaded_once(service_of: Callable[..., ServiceUnderTest]) -> None:
    one, other = service_of("memberships"), service_of("memberships")
    assert [filled(one), filled(one), filled(other)] == [True, False, True]
    assert one.rows(KEPT) == other.rows(KEPT)
    assert len(one.rows(KEPT)) == len(one.emitted(MEMBERSHIP_STARTED)) == demo.MEMBERS
    assert one.rows(EVERY_LEDGER) == [(0, 0, 0)]


def test_the_demo_shows_members_in_every_state(service_of: Callable[..., ServiceUnderTest]) -> None:
    service = service_of("memberships")
    filled(service)
    caller = service.signed_in("memberships.read")
    shown = caller.get("/api/v1/memberships?limit=200").json["items"]
    assert {row["label"] for row in shown} == set(LABELS) - {"pending", "suspended", "needs_client"}


def test_the_sandbox_charges_and_refunds_the_demo(service_of: Callable[..., ServiceUnderTest], tmp_path: Path) -> None:
    service, book = service_of("memberships"), Book(tmp_path / "book.sqlite")
    filled(service)
    [(token, customer)] = service.rows(
        "SELECT cards.token, own.token FROM cards JOIN gateway_customers AS own USING (client_id) ORDER BY 1 LIMIT 1"
    )
    setup = book.begin_setup("main", customer, "")
    assert book.card(book.finish_setup(setup["secret"], "accepted")["card"])["customer"] == customer  # another card
    charge = {"amount": 4900, "currency": "EUR", "customer": customer, "card": token}
    due = {"due_id": "due", "attempt_id": "attempt"}
    assert book.confirm(book.create("main", "a-key", **charge, **due)["id"])["state"] == "succeeded"
    [(payment, amount)] = service.rows("SELECT gateway_id, amount FROM attempts WHERE state = 'succeeded' LIMIT 1")
    assert book.payment(payment)["captured"] == amount
    assert book.refund(payment, amount, "a-refund")["state"] == "succeeded"


def test_a_payment_of_the_demo_by_card_can_be_given_back(service_of: Callable[..., ServiceUnderTest]) -> None:
    service = service_of("memberships")
    filled(service)
    query = "SELECT membership_id, number FROM dues WHERE tender = 'card' AND kind = 'period' ORDER BY id LIMIT 1"
    [(membership_id, period)] = service.rows(query)
    caller = service.signed_in("memberships.read", "memberships.refund")
    asked = {"act": "refund", "membership_id": str(membership_id), "period": period, "destination": "card"}
    quote = caller.post("/api/v1/memberships/quotes", asked | {"amount": 100, "reason": "Queja"})
    assert quote.status_code == 201 and quote.json["more"]["card"]["brand"] == "visa"
