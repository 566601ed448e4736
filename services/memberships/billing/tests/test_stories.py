"""Stories in time over HTTP: days pass with the worker at its work, people act at the door, and the books are read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.memberships.billing import catching_up
from services.memberships.conftest import MADRID, MARIA
from services.memberships.freezes.models import Freeze
from shared import clock
from shared.contracts import memberships as contracts
from shared.ids import new_id
from shared.roles import duties_of
from shared.testing.service import ServiceUnderTest

ROOT = "/api/v1/memberships"

Pass = Callable[..., None]

NEXT = """
    SELECT min(moment) FROM (
        SELECT next_due_at FROM memberships UNION ALL SELECT retry_at FROM dues WHERE state = 'open'
    ) AS due (moment)
"""


@pytest.fixture
def work(memberships: ServiceUnderTest) -> Callable[[], None]:
    """A function that lets the worker do everything that is due now."""
    duties = duties_of(memberships.card)

    def work() -> None:
        while any([duty.run(memberships.database) for duty in duties]):
            pass

    return work


@pytest.fixture
def pass_days(memberships: ServiceUnderTest, travel_to: Any, work: Callable[[], None]) -> Pass:
    """A function that lets the days pass until a moment, with the worker at work whenever something is due."""

    def until(year: int, month: int, day: int, hour: int) -> None:
        end = datetime(year, month, day, hour, tzinfo=UTC)
        while clock.now() < end:
            [due_at] = memberships.rows(NEXT)
            travel_to(min(due_at or end, end))
            catching_up.note_progress(memberships.database)
            work()

    return until


@pytest.fixture
def join(
    memberships: ServiceUnderTest, lucia: Any, plan: Any, work: Callable[[], None]
) -> Callable[..., dict[str, Any]]:
    """A function that makes a client a member at the door, as a quote has shown; their first payment is made."""

    def one(card_id: UUID | None = None, plan_id: UUID | None = None, **given: Any) -> dict[str, Any]:
        inputs = {"act": "add", "client_id": str(MARIA), "branch_id": str(MADRID), "plan_id": str(plan_id or plan())}
        quoted = lucia.post(f"{ROOT}/quotes", inputs | ({"card_id": str(card_id)} if card_id else {}) | given)
        assert quoted.status_code == 201, quoted.json
        made = lucia.post(ROOT, {"quote_id": quoted.json["id"]})
        assert made.status_code == 201, made.json
        work()
        return dict(made.json)

    return one


def periods_of(lucia: Any, membership: dict[str, Any]) -> list[dict[str, Any]]:
    found = lucia.get(f"{ROOT}/dues?membership_id={membership['id']}&limit=200").json["items"]
    return sorted((due for due in found if due["kind"] == "period"), key=lambda due: due["number"])


def token_of(memberships: ServiceUnderTest, card_id: UUID) -> str:
    return str(memberships.rows("SELECT token FROM cards WHERE id = :id", id=card_id)[0])


def test_a_year_from_the_31_of_january_of_a_leap_year(memberships, lucia, travel_to, card, join, pass_days, sandbox):
    travel_to(datetime(2028, 1, 31, 11, tzinfo=UTC))
    payer = card()
    membership = join(payer)
    pass_days(2029, 1, 31, 11)
    paid = periods_of(lucia, membership)
    ends = [
        (1, 31),
        (2, 29),
        (3, 31),
        (4, 30),
        (5, 31),
        (6, 30),
        (7, 31),
        (8, 31),
        (9, 30),
        (10, 31),
        (11, 30),
        (12, 31),
    ]
    days = [*(date(2028, *day).isoformat() for day in ends), "2029-01-31"]
    assert [(due["starts_on"], due["due_on"], due["state"]) for due in paid] == [(day, day, "paid") for day in days]
    assert [due["invoice_number"] for due in paid] == [f"M-{n:06d}" for n in range(1, 14)]
    taken = sandbox.rows("SELECT state, captured FROM payments WHERE card = ?", token_of(memberships, payer))
    assert taken == [("succeeded", 4900)] * 13
    assert len(memberships.emitted(contracts.MEMBERSHIP_RENEWED)) == 13
    assert lucia.get(f"{ROOT}/{membership['id']}").json["next_payment_on"] == "2029-02-28"


def test_a_failed_month_is_recovered_on_the_third_try(memberships, lucia, travel_to, card, join, pass_days, sandbox):
    travel_to(datetime(2026, 2, 2, 11, tzinfo=UTC))
    payer = card()
    membership = join(payer)
    sandbox.ask("PATCH", f"/v1/cards/{token_of(memberships, payer)}", behaves="insufficient_funds")
    pass_days(2026, 3, 4, 11)
    shown = lucia.get(f"{ROOT}/{membership['id']}").json
    assert (shown["label"], shown["standing"], shown["collection"]) == ("past_due", "past_due", "retrying")
    sandbox.ask("PATCH", f"/v1/cards/{token_of(memberships, payer)}", behaves="accepted")
    pass_days(2026, 3, 10, 11)
    assert lucia.get(f"{ROOT}/{membership['id']}").json["label"] == "active"
    second = periods_of(lucia, membership)[1]
    assert (second["state"], second["attempts"], second["closed_at"][:10]) == ("paid", 3, "2026-03-06")
    said = [event.type.split(".")[2] for event in memberships.emitted() if event.subject == membership["id"]]
    assert said[-3:] == ["past_due", "reactivated", "renewed"]
    taken = sandbox.rows("SELECT sum(captured) FROM payments WHERE card = ?", token_of(memberships, payer))
    assert taken == [(9800,)]


def test_a_freeze_across_a_renewal_takes_its_days_off_both_periods(
    memberships, lucia, travel_to, card, join, pass_days
):
    travel_to(datetime(2026, 3, 1, 11, tzinfo=UTC))
    membership = join(card())
    frozen_without_payment(memberships, membership, date(2026, 4, 21), date(2026, 5, 11))
    pass_days(2026, 6, 1, 11)
    found = [(due["starts_on"], due["amount"], due["state"]) for due in periods_of(lucia, membership)]
    april, may = round(4900 * 20 / 30), round(4900 * 21 / 31)
    assert found == [
        ("2026-03-01", 4900, "paid"),
        ("2026-04-01", april, "paid"),
        ("2026-05-01", may, "paid"),
        ("2026-06-01", 4900, "paid"),
    ]
    invoice = lucia.get(f"{ROOT}/invoices/{periods_of(lucia, membership)[2]['invoice_id']}").json
    assert [line["text"] for line in invoice["lines"]] == ["Membership from May 11, 2026 to May 31, 2026"]


def frozen_without_payment(memberships: ServiceUnderTest, membership: dict[str, Any], starts: date, ends: date) -> None:
    columns: dict[str, Any] = {"version": 1, "rule": {}, "fee": 0, "fee_per": "freeze", "reason": "", "state": "over"}
    days = {"starts_on": starts, "ends_on": ends, "created_at": clock.now()}
    with memberships.database.transaction() as session:
        session.add(Freeze(id=new_id(), membership_id=UUID(membership["id"]), mode="skip_payments", **days, **columns))


def test_a_clock_off_for_a_week_asks_first_and_then_charges_one_a_day(
    memberships, lucia, travel_to, card, join, plan, work, pass_days
):
    travel_to(datetime(2026, 3, 2, 11, tzinfo=UTC))
    weekly = join(card(), plan(price=1000, interval={"unit": "week", "count": 1}))
    monthly = join(card())
    pass_days(2026, 3, 28, 11)
    travel_to(datetime(2026, 4, 6, 11, tzinfo=UTC))
    work()
    [waiting] = lucia.get(f"{ROOT}/catch-ups?state=waiting").json["items"]
    assert waiting["totals"] == [
        {"currency": "EUR", "memberships": 2, "periods": 3, "skipped": 0, "amount": 4900 + 2 * 1000}
    ]
    assert lucia.post(f"{ROOT}/catch-ups/{waiting['id']}/confirmation").status_code == 200
    work()
    assert [due["due_on"] for due in periods_of(lucia, weekly)][4:] == ["2026-03-30"]
    assert [due["due_on"] for due in periods_of(lucia, monthly)][1:] == ["2026-04-02"]
    pass_days(2026, 4, 7, 11)
    found = [(due["due_on"], due["closed_at"][:10], due["amount"]) for due in periods_of(lucia, weekly)][4:]
    assert found == [("2026-03-30", "2026-04-06", 1000), ("2026-04-06", "2026-04-07", 1000)]


def test_summer_time_skips_and_doubles_no_day(memberships, lucia, travel_to, card, join, plan, pass_days, policy):
    policy(charge_hour=2)
    travel_to(datetime(2026, 3, 8, 11, tzinfo=UTC))
    madrid = join(card(), plan(price=700, interval={"unit": "week", "count": 1}))
    pass_days(2026, 4, 6, 11)
    days = [f"2026-{month:02d}-{day:02d}" for month, day in ((3, 8), (3, 15), (3, 22), (3, 29), (4, 5))]
    found = [(due["due_on"], due["raised_at"][:10], due["state"]) for due in periods_of(lucia, madrid)]
    assert found == [(day, day, "paid") for day in days]
    assert memberships.rows("SELECT next_due_at FROM memberships") == [datetime(2026, 4, 12, 0, tzinfo=UTC)]


def test_cash_at_the_desk_ends_the_dunning(memberships, lucia, travel_to, card, join, pass_days, sandbox):
    travel_to(datetime(2026, 2, 2, 11, tzinfo=UTC))
    payer = card()
    membership = join(payer)
    sandbox.ask("PATCH", f"/v1/cards/{token_of(memberships, payer)}", behaves="soft_decline")
    pass_days(2026, 3, 4, 11)
    cash = {"tender": "cash", "amount": 4900, "reference": "ticket 17"}
    answer = lucia.post(f"{ROOT}/{membership['id']}/periods/2/settlements", cash)
    assert (answer.status_code, answer.json["state"], answer.json["attempts"]) == (201, "settled", 2)
    assert lucia.get(f"{ROOT}/{membership['id']}").json["label"] == "active"
    sandbox.ask("PATCH", f"/v1/cards/{token_of(memberships, payer)}", behaves="accepted")
    pass_days(2026, 4, 1, 11)
    assert [due["attempts"] for due in periods_of(lucia, membership)] == [1, 2]
    credits = lucia.get(f"{ROOT}/{membership['id']}/credits").json["items"]
    assert len(credits) == 2
    pass_days(2026, 4, 2, 11)
    assert [due["state"] for due in periods_of(lucia, membership)] == ["paid", "settled", "paid"]
