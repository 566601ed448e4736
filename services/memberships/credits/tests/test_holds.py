"""Credits are held for appointments, then used or released: once per reference, soonest expiring first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.memberships.conftest import CARLOS, CLEANSING, MADRID, MARIA, MASSAGE, MIAMI, PEELING, UNKNOWN
from services.memberships.credits.tests.conftest import BOUGHT, AddCredits, PayPeriod, in_days, today
from services.memberships.freezes.models import Freeze
from services.memberships.plans.terms import Benefit
from shared import clock
from shared.contracts.memberships import CREDIT_HELD, CREDIT_RELEASED, CREDIT_USED
from shared.ids import new_id
from shared.testing.service import Answer, Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/credits"


def hold(caller: Caller, quantity: int = 1, reference: str = "A-1", **more: Any) -> Answer:
    body = {"client_id": str(MARIA), "service_id": str(PEELING), "quantity": quantity, "reference": reference}
    return caller.post(f"{ROOT}/holds", body | more)


def lots(caller: Caller) -> list[dict[str, Any]]:
    return caller.get(f"{ROOT}?client_id={MARIA}").json["items"]


def counts(lot: dict[str, Any]) -> tuple[int, int, int, int]:
    return lot["available"], lot["held"], lot["used"], lot["lapsed"]


def test_a_hold_takes_what_expires_soonest_and_is_then_used(
    memberships, lucia: Caller, add_credits: AddCredits
) -> None:
    never, late, soon = add_credits(1), add_credits(2, expires_on=in_days(60)), add_credits(1, expires_on=in_days(5))
    made = hold(lucia, 2)
    assert (made.status_code, made.json["state"], made.json["branch_id"]) == (201, "held", str(MADRID))
    assert [counts(lot) for lot in lots(lucia)] == [(1, 0, 0, 0), (1, 1, 0, 0), (0, 1, 0, 0)]
    assert [event.subject for event in memberships.emitted(CREDIT_HELD)] == [soon["id"], late["id"]]
    assert lucia.post(f"{ROOT}/holds/{made.json['id']}/use").json["state"] == "used"
    assert [counts(lot) for lot in lots(lucia)] == [(1, 0, 0, 0), (1, 0, 1, 0), (0, 0, 1, 0)]
    used = memberships.emitted(CREDIT_USED)
    said = [(event.subject, event.data["moved"], event.version) for event in used]
    assert said == [(soon["id"], 1, 3), (late["id"], 1, 3)]
    assert never["id"] not in {event.subject for event in used}


def test_a_reference_holds_once(lucia: Caller, add_credits: AddCredits) -> None:
    add_credits(2)
    first, again = hold(lucia), hold(lucia)
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert counts(lots(lucia)[0]) == (1, 1, 0, 0)
    other = hold(lucia, 2)
    assert (other.status_code, other.json["code"], list(other.json["errors"])) == (409, "reference_used", ["reference"])


def test_use_and_release_happen_once_and_exclude_each_other(lucia: Caller, add_credits: AddCredits) -> None:
    add_credits(2)
    path = f"{ROOT}/holds/{hold(lucia).json['id']}"
    assert [lucia.post(f"{path}/{end}").status_code for end in ("release", "release", "use")] == [200, 200, 409]
    assert counts(lots(lucia)[0]) == (2, 0, 0, 0)
    assert lucia.get(path).json["state"] == "released"


def test_two_holds_at_once_on_the_last_credit_give_one_of_them_nothing(lucia: Caller, add_credits: AddCredits) -> None:
    add_credits(1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: hold(lucia, reference=f"A-{n}").status_code, range(8)))
    assert sorted(answers) == [201, *[409] * 7]
    assert counts(lots(lucia)[0]) == (0, 1, 0, 0)


def test_the_same_reference_from_two_tills_at_once_holds_once(lucia: Caller, add_credits: AddCredits) -> None:
    add_credits(4)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: hold(lucia), range(8)))
    assert len({answer.json.get("id") for answer in answers}) == 1, [answer.json for answer in answers]
    assert counts(lots(lucia)[0]) == (3, 1, 0, 0)


def test_credits_of_a_category_pay_any_service_of_it_and_no_other(
    lucia: Caller, member: Any, pay_period: PayPeriod
) -> None:
    pay_period(member(), 1, today(), Benefit(quantity=2, category="Facial"))
    assert hold(lucia, reference="A", service_id=str(CLEANSING)).status_code == 201
    refused = hold(lucia, reference="B", service_id=str(MASSAGE))
    assert (refused.json["code"], refused.json["available"]) == ("not_enough_credits", 0)


@pytest.mark.parametrize(
    ("facts", "settings", "reason"),
    [
        ({"standing": "suspended"}, {}, "membership_suspended"),
        ({"standing": "past_due"}, {}, None),
        ({"standing": "past_due"}, {"withhold_benefits": "past_due"}, "past_due"),
        ({"standing": "suspended"}, {"withhold_benefits": "never"}, None),
    ],
)
def test_credits_are_withheld_as_the_policy_says(
    lucia: Caller, member: Any, policy: Any, pay_period: PayPeriod, facts: Any, settings: Any, reason: str | None
) -> None:
    policy(**settings)
    pay_period(member(**facts), 1, today(), Benefit(quantity=2, service_id=str(PEELING)))
    assert lots(lucia)[0]["withheld"] == reason
    answer = hold(lucia)
    if reason is None:
        assert answer.status_code == 201
    else:
        assert (answer.status_code, answer.json["code"], answer.json["reasons"]) == (409, "credits_withheld", [reason])
        assert "2 are withheld" in answer.json["detail"]


@pytest.mark.parametrize(("usable", "reason"), [(False, "frozen"), (True, None)])
def test_a_freeze_says_whether_credits_are_usable(
    memberships: ServiceUnderTest, lucia: Caller, member: Any, pay_period: PayPeriod, usable: bool, reason: str | None
) -> None:
    membership = member(lifecycle="frozen")
    pay_period(membership, 1, today(), Benefit(quantity=2, service_id=str(PEELING)))
    freeze(memberships, membership, usable)
    assert lots(lucia)[0]["withheld"] == reason
    assert hold(lucia).status_code == (409 if reason else 201)


def freeze(service: ServiceUnderTest, membership: UUID, usable: bool) -> None:
    with service.database.transaction() as session:
        session.add(
            Freeze(
                id=new_id(), version=1, membership_id=membership, mode="stop_everything",
                rule={"mode": "stop_everything", "credits_usable": usable}, starts_on=today(),
                ends_on=today() + timedelta(10), fee=0, fee_per="freeze", reason="", state="running",
                created_at=clock.now(),
            )
        )  # fmt: skip


def test_what_is_released_after_its_expiry_lives_for_the_grace_of_the_policy(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits, travel_to: Any
) -> None:
    add_credits(3, expires_on=in_days(5))
    held = hold(lucia).json["id"]
    travel_to(clock.now() + timedelta(days=6))
    caller = memberships.signed_in("memberships.read", "memberships.credits.use")  # tokens have expired, too
    assert caller.post(f"{ROOT}/holds/{held}/release").status_code == 200
    (lot,) = lots(caller)
    assert (counts(lot), lot["status"], lot["withheld"]) == ((1, 0, 0, 2), "active", None)
    assert lot["expires_on"] == in_days(7)
    assert memberships.emitted(CREDIT_RELEASED)[0].data["expires_on"] == in_days(7)


def test_what_is_released_before_its_expiry_keeps_it(lucia: Caller, add_credits: AddCredits) -> None:
    lot = add_credits(1, expires_on=in_days(5))
    lucia.post(f"{ROOT}/holds/{hold(lucia).json['id']}/release")
    assert lots(lucia)[0]["expires_on"] == lot["expires_on"]


def test_credits_are_good_until_the_midnight_of_their_branch(
    memberships: ServiceUnderTest, add_credits: AddCredits, travel_to: Any
) -> None:
    travel_to(datetime.fromisoformat("2026-03-28T12:00:00+01:00"))
    caller = memberships.signed_in("memberships.read", "memberships.credits.write", "memberships.credits.use")
    assert caller.post("/api/v1/memberships/service-credits", BOUGHT | {"expires_on": "2026-03-30"}).status_code == 201
    travel_to(datetime.fromisoformat("2026-03-29T23:59:00+02:00"))  # the day on which summer time begins
    caller = memberships.signed_in("memberships.read", "memberships.credits.use")
    assert hold(caller, reference="before").status_code == 201
    travel_to(datetime.fromisoformat("2026-03-30T00:00:01+02:00"))
    caller = memberships.signed_in("memberships.read", "memberships.credits.use")
    assert hold(caller, reference="after").json["code"] == "not_enough_credits"


BAD: dict[str, Any] = {
    "a quantity of nothing": {"quantity": 0},
    "a quantity below nothing": {"quantity": -1},
    "no reference": {"reference": " "},
    "a client who is not there": {"client_id": str(UNKNOWN)},
    "a branch that is not there": {"branch_id": str(UNKNOWN)},
    "a field that is not there": {"price": 3},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_hold_is_refused_and_nothing_is_held(lucia: Caller, add_credits: AddCredits, bad: Any) -> None:
    add_credits(2)
    answer = hold(lucia, **bad)
    assert (answer.status_code, list(answer.json["errors"])) == (422, list(bad))
    assert counts(lots(lucia)[0]) == (2, 0, 0, 0)


def test_credits_of_another_client_and_branch_are_not_for_this_one(
    memberships: ServiceUnderTest, lucia: Caller, add_credits: AddCredits
) -> None:
    add_credits(2)
    assert hold(lucia, client_id=str(CARLOS)).json["code"] == "not_enough_credits"
    in_miami = memberships.signed_in("memberships.credits.use", "memberships.read", branches=[MIAMI])
    assert hold(in_miami).status_code == 403
    held = hold(lucia).json["id"]
    assert in_miami.post(f"{ROOT}/holds/{held}/use").status_code == 404
    assert in_miami.get(f"{ROOT}?client_id={MARIA}").json["items"] == []
