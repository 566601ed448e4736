"""The clock on real rows; the outcomes of attempts are given to the functions that a worker gives them to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from services.memberships.balances import actions as balances
from services.memberships.billing import catching_up, clock, notices, retries
from services.memberships.conftest import CARLOS, MADRID, MARIA
from services.memberships.dues import actions
from services.memberships.dues.models import Due
from services.memberships.freezes.models import Freeze
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import Attempt
from services.memberships.plan_changes.models import PlanChange
from services.memberships.plans.terms import Interval
from shared.actor import acting
from shared.contracts import memberships as contracts
from shared.ids import new_id

DUES = (
    "SELECT number, starts_on, ends_on, due_on, amount, state, invoice_number FROM dues ORDER BY membership_id, number"
)


@pytest.fixture
def run(memberships, travel_to):
    """A function that moves the clock to a moment and bills what is due then; it ran all the time before."""

    def at(year: int, month: int, day: int, hour: int, minute: int = 0, *, was_off: bool = False) -> None:
        travel_to(datetime(year, month, day, hour, minute, tzinfo=UTC))
        if not was_off:
            catching_up.note_progress(memberships.database)
        while clock.turn(memberships.database):
            pass

    return at


@pytest.fixture
def outcome(memberships):
    """A function that gives the open attempt of a membership its outcome."""

    def give(membership_id, state="succeeded", code=None) -> None:
        with acting(clock.CLOCK), memberships.database.transaction() as session:
            session.get(Membership, membership_id, with_for_update=True)
            of_it = select(Attempt).join(Due, Due.id == Attempt.due_id).where(Due.membership_id == membership_id)
            attempt = session.scalars(of_it.where(Attempt.state == "written").order_by(Attempt.id.desc())).first()
            attempt.state, attempt.code = state, code
            session.flush()
            follow = actions.closed if state == "succeeded" else actions.failed
            follow(session, session.get(Due, attempt.due_id), attempt)

    return give


def days(*pairs):
    return [date(2026, month, day) for month, day in pairs]


def test_a_year_from_the_31st_of_january_keeps_its_day(memberships, run, travel_to, member, card):
    travel_to(datetime(2028, 1, 31, 6, tzinfo=UTC))
    member(date(2028, 1, 31), card_id=card())
    for month, day in ((1, 31), (2, 29), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31)):
        run(2028, month, day, 12)
    starts = [row[1] for row in memberships.rows(DUES)]
    assert starts == [
        date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30), date(2028, 5, 31),
        date(2028, 6, 30), date(2028, 7, 31), date(2028, 8, 31), date(2028, 9, 30), date(2028, 10, 31),
    ]  # fmt: skip
    assert [row[2] for row in memberships.rows(DUES)][:-1] == starts[1:]


def test_nothing_is_charged_before_the_hour_of_the_branch(memberships, run, travel_to, member, card):
    travel_to(datetime(2026, 3, 2, 3, tzinfo=UTC))
    member(date(2026, 3, 2), card_id=card())
    run(2026, 3, 2, 6, 59)
    assert memberships.rows(DUES) == []
    run(2026, 3, 2, 7, 0)
    assert len(memberships.rows(DUES)) == 1
    assert memberships.rows("SELECT state, number FROM attempts") == [("written", 1)]


def test_a_paid_period_goes_on_with_its_credits_and_says_so(memberships, run, travel_to, member, card, outcome):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    membership = member(date(2026, 3, 1), card_id=card(), lifecycle="trial")
    run(2026, 3, 1, 12)
    outcome(membership)
    [due] = memberships.rows(DUES)
    assert due == (1, date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 1), 4900, "paid", "M-000001")
    [paid] = memberships.emitted(contracts.PAYMENT_SUCCEEDED)
    assert (paid.data["invoice_number"], paid.data["period"], paid.data["card_last_four"]) == ("M-000001", 1, "4242")
    [renewed] = memberships.emitted(contracts.MEMBERSHIP_RENEWED)
    assert (renewed.data["period_ends_on"], renewed.data["lifecycle"]) == ("2026-04-01", "active")
    assert memberships.rows("SELECT quantity, expires_on FROM credits") == [(2, date(2026, 4, 1))]


def test_two_clocks_at_once_raise_each_period_once(memberships, run, travel_to, member, card):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    plain = card()
    for _ in range(130):
        member(date(2026, 3, 1), card_id=plain)
    travel_to(datetime(2026, 3, 1, 12, tzinfo=UTC))
    with ThreadPoolExecutor(4) as pool:
        for worker in [pool.submit(run_out, memberships.database) for _ in range(4)]:
            worker.result()
    assert memberships.rows("SELECT count(*), count(DISTINCT membership_id) FROM dues") == [(130, 130)]
    assert memberships.rows("SELECT number FROM invoices ORDER BY number") == list(range(1, 131))


def run_out(database):
    while clock.turn(database):
        pass


def test_a_failed_month_is_recovered_on_the_third_try(memberships, run, travel_to, member, card, outcome):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    membership = member(date(2026, 3, 1), card_id=card())
    run(2026, 3, 1, 12)
    outcome(membership, "declined_soft", "insufficient_funds")
    run(2026, 3, 2, 6)
    retries.turn(memberships.database)
    assert memberships.rows("SELECT count(*) FROM attempts") == [1], "before the hour of the branch"
    for day in (2, 5):
        run(2026, 3, day, 12)
        assert retries.turn(memberships.database)
        outcome(membership, *(("declined_soft", "insufficient_funds") if day == 2 else ()))
    assert memberships.rows("SELECT number, state FROM attempts ORDER BY number") == [
        (1, "declined_soft"), (2, "declined_soft"), (3, "succeeded"),
    ]  # fmt: skip
    said = [event.type.split(".")[2] for event in memberships.emitted() if event.subject == str(membership)]
    assert said == ["past_due", "reactivated", "renewed"]
    failed = memberships.emitted(contracts.PAYMENT_FAILED)
    assert [event.data["next_attempt_at"] for event in failed] == [
        "2026-03-02T07:00:00+00:00",
        "2026-03-05T07:00:00+00:00",
    ]
    versions = [event.version for event in memberships.emitted() if event.subject == str(membership)]
    assert versions == sorted(set(versions))


def test_the_third_failure_suspends_and_a_card_refused_for_good_waits_for_another(
    memberships, run, travel_to, member, card, outcome
):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    soft, hard = (
        member(date(2026, 3, 1), card_id=card()),
        member(date(2026, 3, 1), card_id=card(client_id=CARLOS), client_id=CARLOS),
    )
    run(2026, 3, 1, 12)
    outcome(hard, "declined_hard", "expired_card")
    for day in (1, 2, 5):
        run(2026, 3, day, 12)
        while retries.turn(memberships.database):
            pass
        outcome(soft, "declined_soft", "insufficient_funds")
    standing = "SELECT standing, collection FROM memberships WHERE id = :id"
    assert memberships.rows(standing, id=soft) == [("suspended", "retrying")]
    assert memberships.rows(standing, id=hard) == [("suspended", "waits_for_card")]
    with acting(clock.CLOCK), memberships.database.transaction() as session:
        row = session.get(Membership, hard, with_for_update=True)
        row.card_id = card(client_id=CARLOS)
        assert actions.new_card(session, row)
    outcome(hard)
    assert memberships.rows(standing, id=hard) == [("good", "none")]


def test_an_agreed_card_is_asked_at_once_when_the_first_is_refused(memberships, run, travel_to, member, card, outcome):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    other = card(for_others=True, position=2)
    membership = member(date(2026, 3, 1), card_id=card())
    run(2026, 3, 1, 12)
    outcome(membership, "declined_hard", "expired_card")
    assert memberships.rows("SELECT card_id FROM attempts WHERE state = 'written'") == [other]
    outcome(membership)
    assert memberships.rows("SELECT standing FROM memberships") == ["good"]


def test_frozen_days_cost_nothing_and_a_frozen_period_is_skipped(memberships, run, travel_to, member, card, outcome):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    membership = member(date(2026, 3, 1), card_id=card())
    freeze(memberships, membership, date(2026, 4, 11), date(2026, 6, 11))
    for month in (3, 4, 5, 6):
        run(2026, month, 1, 12)
        if month != 5:
            outcome(membership)
    found = [(number, amount, state) for number, *_, amount, state, _ in memberships.rows(DUES)]
    assert found == [(1, 4900, "paid"), (2, 1633, "paid"), (3, 0, "skipped"), (4, 3267, "paid")]
    assert memberships.rows("SELECT count(*) FROM invoices") == [3]


def freeze(memberships, membership_id, starts_on, ends_on, mode="skip_payments"):
    columns = {"version": 1, "rule": {}, "fee": 0, "fee_per": "freeze", "reason": "", "state": "planned"}
    with memberships.database.transaction() as session:
        session.add(
            Freeze(
                id=new_id(), membership_id=membership_id, mode=mode, starts_on=starts_on, ends_on=ends_on,
                created_at=datetime.now(UTC), created_by=None, **columns,
            )
        )  # fmt: skip


def test_a_plan_change_takes_effect_with_the_new_period(memberships, run, travel_to, member, card, plan):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    membership, weekly = (
        member(date(2026, 3, 1), card_id=card()),
        plan("Semanal", price=1500, interval=Interval("week")),
    )
    run(2026, 3, 1, 12)
    with memberships.database.transaction() as session:
        session.add(
            PlanChange(
                id=new_id(), membership_id=membership, plan_id=weekly, terms_number=1, effective_on=date(2026, 4, 1),
                state="waiting", created_at=datetime.now(UTC), created_by=None,
            )
        )  # fmt: skip
    for moment in ((4, 1), (4, 8), (4, 15)):
        run(2026, *moment, 12)
    found = [(starts, amount) for _, starts, _, _, amount, *_ in memberships.rows(DUES)]
    assert found == list(zip(days((3, 1), (4, 1), (4, 8), (4, 15)), (4900, 1500, 1500, 1500), strict=True))
    assert memberships.rows("SELECT state FROM plan_changes") == ["done"]
    [changed] = memberships.emitted(contracts.MEMBERSHIP_PLAN_CHANGED)
    assert (changed.data["plan_id"], changed.data["previous_terms_number"]) == (str(weekly), 1)


def test_it_ends_after_its_periods_or_goes_on_as_another_plan(memberships, run, travel_to, member, card, plan):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    cheap = plan("Después", price=900)
    ends = member(date(2026, 3, 1), plan(ends_after_periods=2), card_id=card())
    goes_on = member(date(2026, 3, 1), plan(ends_after_periods=2, then_plan_id=str(cheap)), card_id=card())
    for month in (3, 4, 5, 6):
        run(2026, month, 1, 12)
    by_membership = "SELECT amount FROM dues WHERE membership_id = :id ORDER BY number"
    assert memberships.rows(by_membership, id=ends) == [4900, 4900]
    assert memberships.rows(by_membership, id=goes_on) == [4900, 4900, 900, 900]
    assert memberships.rows("SELECT ends_on, next_due_on FROM memberships WHERE id = :id", id=ends) == [
        (date(2026, 5, 1), None)
    ]


def test_a_week_without_the_clock_is_confirmed_by_a_person_and_charged_one_a_day(
    memberships, run, travel_to, member, card, plan, outcome
):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    weekly = member(date(2026, 3, 2), plan(price=1000, interval=Interval("week")), card_id=card())
    member(date(2026, 3, 4), card_id=card())
    run(2026, 3, 1, 12)
    run(2026, 3, 9, 12, was_off=True)
    assert memberships.rows(DUES) == []
    [(catch_up, totals)] = memberships.rows("SELECT id, totals FROM catch_ups")
    assert totals == [{"currency": "EUR", "memberships": 2, "periods": 3, "skipped": 0, "amount": 6900}]
    lucia = memberships.signed_in("memberships.billing")
    assert lucia.get("/api/v1/memberships/catch-ups").json["items"][0]["totals"] == totals
    assert lucia.post(f"/api/v1/memberships/catch-ups/{catch_up}/confirmation").status_code == 200
    assert lucia.post(f"/api/v1/memberships/catch-ups/{catch_up}/confirmation").status_code == 409
    run(2026, 3, 9, 13, was_off=True)
    assert [row[3] for row in memberships.rows(DUES)] == days((3, 2), (3, 4))
    outcome(weekly)
    run(2026, 3, 9, 23, was_off=True)
    assert len(memberships.rows(DUES)) == 2, "one charge a day"
    run(2026, 3, 10, 12, was_off=True)
    assert sorted(row[3] for row in memberships.rows(DUES)) == days((3, 2), (3, 4), (3, 9))


@pytest.mark.parametrize("arrears", ["latest", "one_a_day", "none"])
def test_what_was_left_unpaid_is_made_up_as_the_policy_says(
    memberships, run, travel_to, member, card, outcome, policy, plan, arrears
):
    policy(arrears=arrears, retry_days=[1, 30])
    travel_to(datetime(2026, 3, 2, 6, tzinfo=UTC))
    membership = member(date(2026, 3, 2), plan(interval=Interval("week")), card_id=card())
    for day in (2, 9):
        run(2026, 3, day, 12)
        outcome(membership, "declined_soft", "insufficient_funds")
        run(2026, 3, day + 1, 12)
        retries.turn(memberships.database)
        outcome(membership, "declined_soft", "insufficient_funds")
    run(2026, 3, 16, 12)
    outcome(membership)
    for day in (17, 18, 19):
        run(2026, 3, day, 12)
        if retries.turn(memberships.database):
            outcome(membership)
    states = {"latest": ["written_off", "written_off", "paid"], "one_a_day": ["paid"] * 3}
    assert [row[5] for row in memberships.rows(DUES)] == states.get(arrears, states["latest"])
    assert memberships.rows("SELECT standing FROM memberships") == ["good"]
    if arrears == "one_a_day":
        paid = memberships.rows("SELECT CAST(created_at AS date) FROM attempts WHERE state = 'succeeded' ORDER BY 1")
        assert paid == days((3, 16), (3, 17), (3, 18))


def test_a_late_payment_moves_the_next_date_when_the_policy_says_so(
    memberships, run, travel_to, member, card, outcome, policy
):
    policy(late_payment_moves_date=True)
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    membership = member(date(2026, 3, 1), card_id=card())
    run(2026, 3, 1, 12)
    outcome(membership, "declined_soft", "insufficient_funds")
    run(2026, 3, 2, 12)
    retries.turn(memberships.database)
    outcome(membership)
    assert memberships.rows("SELECT next_due_on FROM memberships") == days((4, 2))


def test_the_balance_pays_first_when_the_policy_says_so(memberships, run, travel_to, member, card, policy, outcome):
    policy(use_balance_first=True)
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    with acting(clock.CLOCK), memberships.database.transaction() as session:
        balances.move(session, MARIA, "EUR", 6000, kind="added", description="", branch_id=MADRID, reference=None)
    membership = member(date(2026, 3, 1), card_id=card())
    for month in (3, 4):
        run(2026, month, 1, 12)
    outcome(membership)
    found = memberships.rows("SELECT state, tender, amount, from_balance FROM dues ORDER BY number")
    assert found == [("settled", "balance", 4900, 0), ("paid", "card", 3800, 1100)]
    assert memberships.rows("SELECT amount FROM balances") == [0]
    assert memberships.rows("SELECT total FROM invoices") == [4900, 4900]


def test_a_free_period_is_settled_without_a_call(memberships, run, travel_to, member, card):
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    free = {"from_period": 1, "periods": 1, "percent": 100, "reason": "welcome"}
    member(date(2026, 3, 1), card_id=card(), discounts=[free])
    run(2026, 3, 1, 12)
    assert [row[5] for row in memberships.rows(DUES)] == ["settled"]
    assert memberships.rows("SELECT count(*) FROM attempts") == [0]
    assert [event.data["tender"] for event in memberships.emitted(contracts.PAYMENT_SETTLED)] == ["nothing"]
    assert memberships.rows("SELECT count(*) FROM credits") == [1]


def test_a_renewal_is_announced_once_some_days_ahead(memberships, run, travel_to, member, card, policy):
    policy(MADRID, renewal_notice_days=3)
    travel_to(datetime(2026, 3, 1, 6, tzinfo=UTC))
    member(date(2026, 3, 1), card_id=card())
    run(2026, 3, 1, 12)
    for day in (28, 29, 30):
        travel_to(datetime(2026, 3, day, 12, tzinfo=UTC))
        while notices.turn(memberships.database):
            pass
    [said] = memberships.emitted(contracts.MEMBERSHIP_RENEWAL_UPCOMING)
    assert (said.data["amount"], said.data["next_payment_on"], said.time.day) == (4900, "2026-04-01", 29)
