"""What paid periods earn, how it expires and rolls over, and what staff change of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.memberships.conftest import MADRID, MARIA, MIAMI, PEELING, UNKNOWN
from services.memberships.credits import actions
from services.memberships.credits.tests.conftest import BOUGHT, AddCredits, PayPeriod, in_days, today
from services.memberships.credits.tests.test_holds import counts, hold, lots
from services.memberships.credits.work import expire
from services.memberships.memberships.models import Membership
from services.memberships.plans.terms import Benefit, Terms
from shared.contracts.memberships import CREDIT_CHANGED, CREDIT_EXPIRED, CREDIT_ISSUED, CREDIT_STATED
from shared.events.announce import announce
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/credits"
FACIAL = Benefit(quantity=4, category="Facial", rollover_cap=2)
START = date(2026, 3, 1)


@pytest.fixture
def reader(memberships: ServiceUnderTest) -> Any:
    """A function that reads María's credits, whatever the time: tokens expire when one travels."""
    return lambda: lots(memberships.signed_in("memberships.read"))


def at(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:30+01:00")


def test_a_paid_period_earns_its_benefits_once_counted_from_its_own_days(
    memberships: ServiceUnderTest, lucia: Caller, member: Any, pay_period: PayPeriod
) -> None:
    benefits = (
        Benefit(2, service_id=str(PEELING)),
        Benefit(1, category="Masajes", expires="after_days", days=90),
        Benefit(3, category="Facial", expires="never"),
    )
    membership = member(START)
    due = pay_period(membership, 1, START, *benefits)
    with memberships.database.transaction() as session:
        row, terms = session.get_one(Membership, membership), Terms(1, "EUR", benefits=benefits)
        assert actions.issue_for(session, row, due, terms) == []
    shown = lucia.get(f"/api/v1/memberships/{membership}/credits").json["items"]
    expiry = [str(due.ends_on), str(START + timedelta(90)), None]
    assert [(lot["quantity"], lot["expires_on"], lot["period"]) for lot in shown] == [
        (quantity, until, 1) for quantity, until in zip((2, 1, 3), expiry, strict=True)
    ]
    assert len(memberships.emitted(CREDIT_ISSUED)) == 3
    assert announce(memberships.card, memberships.database, "credit", None) == 3
    assert memberships.emitted(CREDIT_STATED)[0].data["quantity"] == 2


def test_credits_expire_on_the_day_of_their_branch(
    memberships: ServiceUnderTest, add_credits: AddCredits, travel_to: Any, reader: Any
) -> None:
    add_credits(2, expires_on=in_days(3))
    add_credits(1)
    day = today() + timedelta(3)
    travel_to(at(day) - timedelta(minutes=2))
    assert expire(memberships.database) is False
    travel_to(at(day))
    assert expire(memberships.database) is True
    assert expire(memberships.database) is False
    lot, other = reader()
    assert (counts(lot), lot["status"], counts(other)) == ((0, 0, 0, 2), "expired", (1, 0, 0, 0))
    assert len(memberships.emitted(CREDIT_EXPIRED)) == 1


@pytest.mark.parametrize("paid", ["before the old ones expire", "after the old ones expired"])
def test_what_is_left_goes_over_into_the_next_paid_period_up_to_the_cap(
    memberships: ServiceUnderTest, travel_to: Any, member: Any, pay_period: PayPeriod, reader: Any, paid: str
) -> None:
    travel_to(at(START))
    membership = member(START)
    pay_period(membership, 1, START, FACIAL)
    second = START + timedelta(30)
    travel_to(at(second) - timedelta(hours=2))
    if paid == "before the old ones expire":
        pay_period(membership, 2, second, FACIAL)
    travel_to(at(second) + timedelta(hours=9))
    expire(memberships.database)
    if paid == "after the old ones expired":
        pay_period(membership, 2, second, FACIAL)
    old, new = reader()
    assert (counts(old), old["status"]) == ((0, 0, 0, 4), "expired")
    assert (counts(new), new["quantity"]) == ((6, 0, 0, 0), 6)


def test_a_period_that_was_not_paid_breaks_the_rollover(
    memberships: ServiceUnderTest, travel_to: Any, member: Any, pay_period: PayPeriod, reader: Any
) -> None:
    travel_to(at(START))
    membership = member(START)
    pay_period(membership, 1, START, FACIAL)
    travel_to(at(START + timedelta(60)))
    expire(memberships.database)
    pay_period(membership, 3, START + timedelta(60), FACIAL)
    assert [counts(lot) for lot in reader()] == [(0, 0, 0, 4), (4, 0, 0, 0)]


def test_an_expired_lot_that_is_extended_gives_back_all_but_what_went_over(
    memberships: ServiceUnderTest, travel_to: Any, member: Any, pay_period: PayPeriod, reader: Any
) -> None:
    travel_to(at(START))
    membership = member(START)
    pay_period(membership, 1, START, FACIAL)
    travel_to(at(START + timedelta(30)) + timedelta(hours=9))
    expire(memberships.database)
    pay_period(membership, 2, START + timedelta(30), FACIAL)
    staff = memberships.signed_in("memberships.credits.write")
    change = {"expires_on": "2026-06-01", "reason": "Estuvo enferma"}
    assert staff.patch(f"{ROOT}/{reader()[0]['id']}", change).status_code == 200
    assert [(counts(lot), lot["status"]) for lot in reader()] == [((2, 0, 0, 2), "active"), ((6, 0, 0, 0), "active")]


def test_the_end_of_a_membership_lapses_what_is_left_and_keeps_what_is_held(
    memberships: ServiceUnderTest, lucia: Caller, member: Any, pay_period: PayPeriod
) -> None:
    membership = member()
    pay_period(membership, 1, today(), Benefit(3, service_id=str(PEELING)))
    held = hold(lucia).json["id"]
    with memberships.database.transaction() as session:
        row = session.get_one(Membership, membership)
        assert [credit.available for credit in actions.left_of(session, row)] == [2]
        actions.lapse_of(session, row)
    assert counts(lots(lucia)[0]) == (0, 1, 0, 2)
    lucia.post(f"{ROOT}/holds/{held}/release")
    assert (counts(lots(lucia)[0]), lots(lucia)[0]["expires_on"]) == ((1, 0, 0, 2), in_days(7))


def test_a_dispute_holds_the_credits_of_its_period_and_a_refund_takes_what_is_left(
    memberships: ServiceUnderTest, lucia: Caller, member: Any, pay_period: PayPeriod
) -> None:
    due = pay_period(member(), 1, today(), Benefit(3, service_id=str(PEELING)))
    used = hold(lucia).json["id"]
    lucia.post(f"{ROOT}/holds/{used}/use")
    for step, withheld in ((actions.suspend_for, "suspended"), (actions.resume_for, None)):
        with memberships.database.transaction() as session:
            step(session, due)
        assert lots(lucia)[0]["withheld"] == withheld
    with memberships.database.transaction() as session:
        actions.lapse_for(session, due)
    assert (counts(lots(lucia)[0]), lots(lucia)[0]["status"]) == ((0, 0, 1, 2), "withdrawn")


def test_a_freeze_moves_the_expiry(memberships: ServiceUnderTest, lucia: Caller, member: Any, pay_period: Any) -> None:
    membership = member()
    due = pay_period(membership, 1, today(), Benefit(3, service_id=str(PEELING)))
    with memberships.database.transaction() as session:
        actions.shift_expiry(session, session.get_one(Membership, membership), 10)
    assert lots(lucia)[0]["expires_on"] == str(due.ends_on + timedelta(10))


def test_staff_change_status_and_expiry_with_a_reason(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    path, other = (f"{ROOT}/{add_credits(3)['id']}" for _ in range(2))
    lucia.patch(other, {"status": "suspended", "reason": "Otro"})
    suspended = lucia.patch(path, {"status": "suspended", "reason": "Duplicado"}, version=1)
    assert (suspended.json["withheld"], suspended.headers["ETag"]) == ("suspended", '"2"')
    stale = lucia.patch(path, {"status": "active", "reason": "x"}, version=1)
    assert (stale.status_code, stale.json["changes"][0]["reason"]) == (412, "Duplicado")
    gone = lucia.patch(path, {"status": "withdrawn", "reason": "Devuelto"}).json
    assert (counts(gone), gone["status"]) == ((0, 0, 0, 3), "withdrawn")
    back = lucia.patch(path, {"status": "active", "expires_on": in_days(20), "reason": "Error"}).json
    assert (counts(back), back["expires_on"]) == ((3, 0, 0, 0), in_days(20))
    history = lucia.get(f"{path}/movements").json["items"]
    assert [(each["kind"], each["quantity"], each["available"], each["actor_name"]) for each in history] == [
        ("issued", 3, 3, "Lucía Ortega"), ("changed", 0, 3, "Lucía Ortega"), ("withdrawn", 3, 0, "Lucía Ortega"),
        ("restored", 3, 3, "Lucía Ortega"),
    ]  # fmt: skip
    assert "Duplicado" not in str([event.data for event in memberships.emitted(CREDIT_CHANGED)])


BAD: dict[str, tuple[dict[str, Any], int]] = {
    "no reason": ({"status": "suspended"}, 422),
    "a day that is over": ({"expires_on": "2026-01-01", "reason": "x"}, 422),
    "a status that is not for people": ({"status": "expired", "reason": "x"}, 422),
    "another field": ({"quantity": 5, "reason": "x"}, 422),
    "no JSON": ({}, 422),
}


@pytest.mark.parametrize(("bad", "status"), BAD.values(), ids=BAD)
def test_a_bad_change_is_refused(lucia: Caller, add_credits: AddCredits, bad: Any, status: int) -> None:
    lot = add_credits(1)
    assert lucia.patch(f"{ROOT}/{lot['id']}", bad).status_code == status
    assert lucia.get(f"{ROOT}/{lot['id']}").json == lot


def test_a_lot_of_another_branch_is_not_there_for_those_who_may_not_see_it(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    path = f"{ROOT}/{add_credits(1)['id']}"
    permissions = ("memberships.read", "memberships.credits.write")
    in_miami = memberships.signed_in(*permissions, branches=[MIAMI])
    answers = [
        in_miami.get(path),
        in_miami.get(f"{path}/movements"),
        in_miami.patch(path, {"status": "suspended", "reason": "x"}),
        lucia.get(f"{ROOT}/{UNKNOWN}"),
        lucia.get(f"{ROOT}?client_id={UNKNOWN}"),
        lucia.get(f"/api/v1/memberships/{UNKNOWN}/credits"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert lucia.get(ROOT).status_code == 422
    assert memberships.signed_in("memberships.read").patch(path, {}).status_code == 403
    assert str(MADRID) not in in_miami.get(f"{ROOT}?client_id={MARIA}").text


def test_service_credits_are_added_and_removed_with_a_comment(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits, member: Any, pay_period: PayPeriod
) -> None:
    root = "/api/v1/memberships/service-credits"
    lot = add_credits(5, comment="Bono de verano")
    earned = pay_period(member(), 1, today(), Benefit(1, service_id=str(PEELING)))
    path = f"{root}/{lot['id']}/removal"
    some = lucia.post(path, {"quantity": 2, "comment": "Se equivocó"})
    assert (counts(some.json), some.json["status"]) == ((3, 0, 0, 2), "active")
    assert lucia.post(path, {"quantity": 4, "comment": "x"}).status_code == 409
    rest = lucia.post(path, {"comment": "Devuelto"}).json
    assert (counts(rest), rest["status"]) == ((0, 0, 0, 5), "withdrawn")
    assert [each["id"] for each in lucia.get(f"{root}?client_id={MARIA}").json["items"]] == [lot["id"]]
    comments = [each["reason"] for each in lucia.get(f"{ROOT}/{lot['id']}/movements").json["items"]]
    assert comments == ["Bono de verano", "Se equivocó", "Devuelto"]
    other = memberships.rows("SELECT id FROM credits WHERE due_id = :due", due=earned.id)[0]
    assert lucia.post(f"{root}/{other}/removal", {"comment": "x"}).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [{"quantity": 0}, {"service_id": str(UNKNOWN)}, {"client_id": str(UNKNOWN)}, {"branch_id": str(UNKNOWN)},
     {"comment": ""}, {"expires_on": "2020-01-01"}],
    ids=lambda bad: next(iter(bad)),
)  # fmt: skip
def test_bad_service_credits_are_refused(lucia: Caller, bad: dict[str, Any]) -> None:
    answer = lucia.post("/api/v1/memberships/service-credits", BOUGHT | bad)
    assert (answer.status_code, list(answer.json["errors"])) == (422, list(bad))
    assert lots(lucia) == []


def test_the_same_key_adds_service_credits_once(lucia: Caller) -> None:
    answers = [lucia.post("/api/v1/memberships/service-credits", BOUGHT, key="key-0001") for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert len(lots(lucia)) == 1


def test_lists_go_on_where_the_page_before_ended(lucia: Caller, add_credits: AddCredits) -> None:
    made = [add_credits(1)["id"] for _ in range(3)]
    first = lucia.get(f"{ROOT}?client_id={MARIA}&limit=2").json
    rest = lucia.get(f"{ROOT}?client_id={MARIA}&limit=2&cursor={first['next_cursor']}").json
    assert [lot["id"] for lot in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None
