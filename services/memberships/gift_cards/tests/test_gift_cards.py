"""Gift cards are sold, redeemed in part, given back, blocked and extended; their movements add up."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.memberships.conftest import CARLOS, MADRID, MARIA, MIAMI, UNKNOWN, ZONES
from services.memberships.dues import actions as dues
from services.memberships.dues.models import Due
from services.memberships.gift_cards import actions, ledger
from services.memberships.gift_cards.schemas import GiftCardMovement
from services.memberships.gift_cards.work import expire
from services.memberships.payments.models import Attempt
from shared import clock
from shared.actor import Context, acting
from shared.contracts.memberships import GIFT_CARD_REDEEMED, GIFT_CARD_SOLD, GIFT_CARD_STATED
from shared.errors import FoyerError
from shared.events.announce import announce
from shared.ids import UUID, new_id
from shared.testing.service import Answer, Caller, ServiceUnderTest

ROOT = "/api/v1/memberships/gift-cards"
PLAIN = {"amount": 10000, "branch_id": str(MADRID), "buyer_id": str(MARIA), "tender": "cash"}

Sell = Callable[..., dict[str, Any]]


@pytest.fixture
def sell(lucia: Caller) -> Sell:
    """A function that sells a gift card, by default one of a hundred euros to María for cash."""

    def one(**given: Any) -> dict[str, Any]:
        answer = lucia.post(ROOT, PLAIN | given)
        assert answer.status_code == 201, answer.json
        return answer.json

    return one


def redeem(caller: Caller, card: dict[str, Any], amount: int, reference: str = "R-1", **more: Any) -> Answer:
    return caller.post(f"{ROOT}/{card['id']}/redemptions", {"amount": amount, "reference": reference} | more)


def act(caller: Caller, card: dict[str, Any], what: str, **body: Any) -> Answer:
    return caller.post(f"{ROOT}/{card['id']}/{what}", {"reason": "Lo pide la clienta"} | body)


def shown(caller: Caller, card: dict[str, Any]) -> dict[str, Any]:
    return caller.get(f"{ROOT}/{card['id']}").json


def kinds(caller: Caller, card: dict[str, Any]) -> list[tuple[str, int, int]]:
    items = caller.get(f"{ROOT}/{card['id']}/movements").json["items"]
    return [(each["kind"], each["amount"], each["balance"]) for each in items]


def test_a_gift_card_is_seen_by_who_bought_it_and_who_holds_it(
    memberships: ServiceUnderTest, lucia: Caller, sell: Sell
) -> None:
    made = sell(holder_id=str(CARLOS), holder_name="Para Carlos")
    assert (made["state"], made["balance"], made["currency"], made["last_four"]) == (
        "active",
        10000,
        "EUR",
        made["code"][-4:],
    )
    for client in (MARIA, CARLOS):
        (found,) = lucia.get(f"{ROOT}?client_id={client}").json["items"]
        assert found == {name: value for name, value in made.items() if name != "code"}
    in_miami = memberships.signed_in("gift_cards.read", branches=[MIAMI])
    assert in_miami.get(f"{ROOT}?client_id={MARIA}").json["items"] == []
    assert announce(memberships.card, memberships.database, "gift_card", None) == 1
    assert memberships.emitted(GIFT_CARD_STATED)[0].data["balance"] == 10000


def test_the_code_is_shown_at_its_sale_and_kept_nowhere(
    memberships: ServiceUnderTest, lucia: Caller, sell: Sell, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    code = lucia.post(ROOT, PLAIN, key="the-same-sale").json["code"]
    again = lucia.post(ROOT, PLAIN, key="the-same-sale")
    assert (again.json["code"], again.headers["Idempotency-Replayed"]) == (code, "true")
    assert sell()["code"] != code
    card = lucia.post(f"{ROOT}/lookups", {"code": code}).json
    redeem(lucia, card, 100)
    dump = everything(memberships)
    assert card["id"] in dump
    written = dump + caplog.text + "".join(capsys.readouterr())
    for secret in (code, code.replace("-", ""), code[:9]):
        assert secret not in written
    assert "code" not in shown(lucia, card)


def everything(service: ServiceUnderTest) -> str:
    """All rows of all tables, as text; events and kept answers among them."""
    tables = service.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [str(row) for table in tables for row in service.rows(f'SELECT t::text FROM "{table}" t')]
    answers = service.rows("SELECT encode(answer, 'escape') FROM idempotency_keys")
    return "\n".join([*rows, *answers])


def test_a_till_takes_some_of_it_once_for_its_receipt(memberships: ServiceUnderTest, lucia: Caller, sell: Sell) -> None:
    card = sell()
    first = redeem(lucia, card, 2500)
    again = redeem(lucia, card, 2500)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert GiftCardMovement().validate(first.json) == {}
    assert set(first.json) == set(GiftCardMovement().fields)
    other = redeem(lucia, card, 100)
    assert (other.status_code, other.json["code"]) == (409, "reference_used")
    assert redeem(lucia, card, 7500, "R-2").json["balance"] == 0
    assert redeem(lucia, card, 7500, "R-2").status_code == 200  # also when nothing is left
    assert kinds(lucia, card) == [("sold", 10000, 10000), ("redeemed", -2500, 7500), ("redeemed", -7500, 0)]
    said = [
        (event.version, event.data["moved"], event.data["balance"]) for event in memberships.emitted(GIFT_CARD_REDEEMED)
    ]
    assert said == [(3, -2500, 7500), (4, -7500, 0)]


def test_more_than_is_left_is_refused(lucia: Caller, sell: Sell) -> None:
    card = sell()
    answer = redeem(lucia, card, 10001)
    assert (answer.status_code, answer.json["code"], answer.json["balance"]) == (409, "gift_card_too_small", 10000)
    assert shown(lucia, card)["balance"] == 10000


def test_two_tills_at_once_never_overdraw(lucia: Caller, sell: Sell) -> None:
    card = sell()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: redeem(lucia, card, 3000, f"R-{n}").status_code, range(8)))
    assert sorted(answers) == [201] * 3 + [409] * 5
    assert shown(lucia, card)["balance"] == 1000


def test_the_same_receipt_from_two_tills_at_once_takes_once(lucia: Caller, sell: Sell) -> None:
    card = sell()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: redeem(lucia, card, 3000), range(8)))
    assert {answer.json["id"] for answer in answers} == {answers[0].json["id"]}
    assert shown(lucia, card)["balance"] == 7000


def test_a_redemption_is_reversed_once(lucia: Caller, sell: Sell) -> None:
    card = sell()
    movement = redeem(lucia, card, 4000).json["id"]
    path = f"{ROOT}/{card['id']}/redemptions/{movement}/reversal"
    back = lucia.post(path)
    assert (back.status_code, back.json["amount"], back.json["balance"], back.json["of_movement_id"]) == (
        201, 4000, 10000, movement,
    )  # fmt: skip
    assert lucia.post(path).json["code"] == "reversed_already"
    sold = lucia.get(f"{ROOT}/{card['id']}/movements").json["items"][0]["id"]
    assert lucia.post(f"{ROOT}/{card['id']}/redemptions/{sold}/reversal").status_code == 404
    assert lucia.post(f"{ROOT}/{sell()['id']}/redemptions/{movement}/reversal").status_code == 404


def test_staff_block_adjust_extend_and_give_back(lucia: Caller, sell: Sell) -> None:
    card = sell()
    assert act(lucia, card, "block").status_code == 201
    assert (redeem(lucia, card, 1).json["code"], act(lucia, card, "block").status_code) == ("gift_card_blocked", 409)
    assert act(lucia, card, "unblock").status_code == 201
    assert act(lucia, card, "adjustments", amount=-500).json["balance"] == 9500
    assert act(lucia, card, "adjustments", amount=-9501).status_code == 409
    later = str(date.fromisoformat(shown(lucia, card)["expires_on"]) + timedelta(30))
    assert act(lucia, card, "extension", expires_on=later).status_code == 201
    assert act(lucia, card, "extension", expires_on=later).json["code"] == "not_later"
    assert act(lucia, card, "refunds", destination="balance").json["balance"] == 0
    assert lucia.get(f"/api/v1/memberships/balances/{MARIA}").json["balances"] == [{"currency": "EUR", "amount": 9500}]
    refused = redeem(lucia, card, 1)
    assert (refused.json["code"], act(lucia, card, "refunds", destination="cash").status_code) == (
        "gift_card_refunded",
        409,
    )
    assert [kind for kind, *_ in kinds(lucia, card)] == [
        "sold", "blocked", "unblocked", "adjusted", "extended", "refunded",
    ]  # fmt: skip
    assert shown(lucia, card)["expires_on"] == later


def test_every_movement_is_in_the_audit_and_an_event_without_the_reason(
    memberships: ServiceUnderTest, lucia: Caller, sell: Sell
) -> None:
    card = sell()
    redemption = redeem(lucia, card, 4000).json["id"]
    lucia.post(f"{ROOT}/{card['id']}/redemptions/{redemption}/reversal")
    for what, more in (
        ("block", {}),
        ("unblock", {}),
        ("adjustments", {"amount": 1}),
        ("refunds", {"destination": "cash"}),
    ):
        act(lucia, card, what, **more)
    events = [event for event in memberships.emitted() if ".gift_card." in event.type]
    assert [event.type.split(".")[2] for event in events] == [kind for kind, *_ in kinds(lucia, card)]
    assert [event.version for event in events] == list(range(2, 9))
    assert sum(event.data["moved"] for event in events) == events[-1].data["balance"] == 0
    assert "clienta" not in str([event.data for event in events])
    reasons = memberships.rows("SELECT reason FROM audit WHERE kind = 'gift_card' ORDER BY position")
    assert reasons == [None] * 3 + ["Lo pide la clienta"] * 4


def test_a_gift_card_expires_at_the_midnight_of_its_branch_and_an_extension_brings_it_back(
    memberships: ServiceUnderTest, lucia: Caller, sell: Sell, travel_to: Any
) -> None:
    day = clock.now().date() + timedelta(400)
    card = sell(expires_on=str(day))
    redeem(lucia, card, 4000)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONES[MADRID]))
    travel_to(midnight - timedelta(minutes=1))
    assert expire(memberships.database) is False
    travel_to(midnight + timedelta(minutes=1))
    staff = memberships.signed_in("gift_cards.read", "gift_cards.redeem", "gift_cards.manage")
    assert redeem(staff, card, 1, "R-2").json["code"] == "gift_card_expired"  # the duty has not come by yet
    assert expire(memberships.database) is True
    assert (shown(staff, card)["state"], shown(staff, card)["balance"]) == ("expired", 0)
    assert act(staff, card, "extension", expires_on=str(day + timedelta(30))).json["balance"] == 6000
    assert redeem(staff, card, 6000, "R-3").status_code == 201
    assert kinds(staff, card)[2:4] == [("expired", -6000, 0), ("extended", 6000, 6000)]


@pytest.mark.parametrize(("months", "asked", "status"), [(36, 350, 422), (36, 370, 201), (6, None, 201)])
def test_no_gift_card_expires_before_the_legal_minimum(
    lucia: Caller, policy: Any, months: int, asked: int | None, status: int
) -> None:
    policy(gift_card_months=months, gift_card_minimum_months=12)
    more = {} if asked is None else {"expires_on": str(clock.now().date() + timedelta(asked))}
    answer = lucia.post(ROOT, PLAIN | more)
    assert answer.status_code == status
    if status == 201:
        assert date.fromisoformat(answer.json["expires_on"]) >= clock.now().date() + timedelta(364)
    else:
        assert list(answer.json["errors"]) == ["expires_on"]


def test_the_balance_pays_a_gift_card_only_down_to_zero(lucia: Caller) -> None:
    more = {"kind": "added", "amount": 10000, "currency": "EUR", "description": "x", "branch_id": str(MADRID)}
    assert lucia.post(ROOT, PLAIN | {"tender": "balance"}).json["code"] == "balance_too_small"
    assert lucia.get(f"{ROOT}?client_id={MARIA}").json["items"] == []
    lucia.post(f"/api/v1/memberships/balances/{MARIA}/movements", more)
    assert lucia.post(ROOT, PLAIN | {"tender": "balance"}).json["state"] == "active"
    assert lucia.get(f"/api/v1/memberships/balances/{MARIA}").json["balances"][0]["amount"] == 0


def test_bought_by_card_it_awaits_its_payment(memberships: ServiceUnderTest, lucia: Caller, card: Any) -> None:
    made = lucia.post(ROOT, PLAIN | {"tender": "card", "card_id": str(card())}).json
    assert (made["state"], made["balance"]) == ("awaits_payment", 0)
    assert redeem(lucia, made, 1).json["code"] == "gift_card_awaits_payment"
    assert memberships.emitted(GIFT_CARD_SOLD) == []
    with acting(Context("service:memberships", "event")), memberships.database.transaction() as session:
        due = session.get_one(Due, UUID(made["payment_id"]))
        attempt = session.query(Attempt).filter_by(due_id=due.id).one()
        assert (due.amount, attempt.amount) == (10000, 10000)
        attempt.state = "succeeded"
        dues.closed(session, due, attempt)
    assert (shown(lucia, made)["state"], shown(lucia, made)["balance"]) == ("active", 10000)
    assert len(memberships.emitted(GIFT_CARD_SOLD)) == 1


def test_a_code_is_looked_up_as_it_is_typed(memberships: ServiceUnderTest, lucia: Caller, sell: Sell) -> None:
    made = sell()
    till = memberships.signed_in("gift_cards.redeem", branches=[MIAMI])
    found = till.post(f"{ROOT}/lookups", {"code": f" {made['code'].lower().replace('-', ' ')} "})
    assert (found.status_code, found.json["id"], "code" in found.json) == (200, made["id"], False)


def test_unknown_and_blocked_are_the_same_to_who_may_not_manage(
    memberships: ServiceUnderTest, lucia: Caller, sell: Sell
) -> None:
    blocked = sell()
    act(lucia, blocked, "block")
    till = memberships.signed_in("gift_cards.redeem")
    answers = [till.post(f"{ROOT}/lookups", {"code": code}) for code in (blocked["code"], "3333-3333-3333-3333", "?")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({(answer.json["code"], answer.json["detail"]) for answer in answers}) == 1
    assert lucia.post(f"{ROOT}/lookups", {"code": blocked["code"]}).json["state"] == "blocked"


def test_who_tries_codes_must_wait_and_others_need_not(
    memberships: ServiceUnderTest, sell: Sell, travel_to: Any
) -> None:
    code = sell()["code"]
    thief = memberships.signed_in("gift_cards.redeem", id=new_id())
    till = memberships.signed_in("gift_cards.redeem", id=new_id())
    tries = [thief.post(f"{ROOT}/lookups", {"code": f"{n:016}"}).status_code for n in range(20)]
    assert tries == [404] * 20
    stopped = thief.post(f"{ROOT}/lookups", {"code": code})
    assert stopped.status_code == 429
    assert 1 <= int(stopped.headers["Retry-After"]) <= 600
    assert till.post(f"{ROOT}/lookups", {"code": code}).status_code == 200
    assert memberships.rows("SELECT sum(cost) FROM gift_card_lookups")[0] == 20 * 30 + 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["redeem", "reverse", "adjust", "block", "unblock", "refund", "extend", "expire"]),
        st.integers(1, 60),
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_gift_card_is_the_sum_of_its_movements(
    memberships: ServiceUnderTest, lucia: Caller, sold: UUID, steps: list[tuple[str, int]]
) -> None:
    with acting(Context("service:memberships", "event")), Session(memberships.database.engine) as session:
        card = ledger.lock(session, sold)
        made = [UUID(int=1)]
        for number, (what, amount) in enumerate(steps):
            try:
                with session.begin_nested():
                    step(session, card, made, what, amount, number % 4)
            except FoyerError:
                continue
            moves = ledger.run(session, "SELECT * FROM gift_card_movements ORDER BY id", {}).fetchall()
            kept = ledger.lock(session, sold)
            assert kept["balance"] == card["balance"] == sum(move["amount"] for move in moves) >= 0
            assert moves[-1]["balance"] == kept["balance"]
        session.rollback()


@pytest.fixture
def sold(sell: Sell) -> UUID:
    return UUID(sell(amount=100)["id"])


def step(session: Session, card: Any, made: list[UUID], what: str, amount: int, receipt: int) -> None:
    """One of the things that one can do to a card; some are refused."""
    further = clock.now().date() + timedelta(2000 + amount)
    if what == "redeem":
        made.append(actions.redeem(session, card, amount, f"R-{receipt}", MADRID)[0]["id"])
    elif what == "reverse":
        actions.reverse(session, card, made[amount % len(made)])
    elif what == "adjust":
        actions.adjust(session, card, amount - 30, "x")
    elif what == "extend":
        actions.extend(session, card, further, "x")
    elif what == "expire":
        actions.expire(session, card) if card["state"] == "active" else None
    elif what == "refund":
        actions.refund(session, card, "cash", "x")
    else:
        getattr(actions, what)(session, card, "x")


BAD: dict[str, dict[str, Any]] = {
    "nothing": {"amount": 0},
    "below nothing": {"amount": -100},
    "another currency": {"currency": "USD"},
    "no such branch": {"branch_id": str(UNKNOWN)},
    "no such buyer": {"buyer_id": str(UNKNOWN)},
    "no such holder": {"holder_id": str(UNKNOWN)},
    "no such seller": {"employee_id": str(UNKNOWN)},
    "no such tender": {"tender": "shells"},
    "a day that is over": {"expires_on": "2020-01-01"},
    "another field": {"code": "3333333333333333"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_sale_is_refused_and_nothing_is_sold(memberships: ServiceUnderTest, lucia: Caller, bad: Any) -> None:
    answer = lucia.post(ROOT, PLAIN | bad)
    assert (answer.status_code, list(answer.json["errors"])) == (422, list(bad))
    assert memberships.rows("SELECT count(*) FROM gift_cards") == [0]


def test_a_card_or_balance_needs_somebody_who_pays(lucia: Caller) -> None:
    nobody = {"amount": 100, "branch_id": str(MADRID)}
    by_card = lucia.post(ROOT, nobody | {"tender": "card"})
    assert sorted(by_card.json["errors"]) == ["buyer_id", "card_id"]
    assert list(lucia.post(ROOT, nobody | {"tender": "balance"}).json["errors"]) == ["buyer_id"]
    assert lucia.post(ROOT, nobody | {"tender": "cash"}).status_code == 201


def test_bad_acts_are_refused(memberships: ServiceUnderTest, lucia: Caller, sell: Sell) -> None:
    made = sell()
    refused = [
        redeem(lucia, made, 0), redeem(lucia, made, -5), redeem(lucia, made, 5, " "),
        redeem(lucia, made, 5, branch_id=str(UNKNOWN)), act(lucia, made, "adjustments", amount=0),
        act(lucia, made, "block", reason=""), act(lucia, made, "extension", expires_on="soon"),
        act(lucia, made, "refunds", destination="card"), lucia.post(f"{ROOT}/lookups", {}), lucia.get(ROOT),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [422] * len(refused)
    nobody = {"id": str(UNKNOWN)}
    gone = [redeem(lucia, nobody, 5), act(lucia, nobody, "block"), lucia.get(f"{ROOT}/{UNKNOWN}")]
    assert [answer.status_code for answer in gone] == [404] * 3
    in_miami = memberships.signed_in("gift_cards.redeem", "gift_cards.manage", "gift_cards.read", branches=[MIAMI])
    assert redeem(in_miami, made, 5).status_code == 403
    assert redeem(in_miami, made, 5, branch_id=str(MIAMI)).json["branch_id"] == str(MIAMI)
    assert [act(in_miami, made, "block").status_code, in_miami.get(f"{ROOT}/{made['id']}").status_code] == [404, 404]
    assert shown(lucia, made)["balance"] == 9995
    assert lucia.post(f"{ROOT}/{made['id']}/redemptions", {"amount": 5, "reference": "x"}, key=None).status_code == 400
