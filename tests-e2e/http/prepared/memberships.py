"""The members of the demo, with a member and a quote apart for each act, and rows in the states that acts ask for."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import text

from services.memberships import demo
from services.memberships.cards.agreement import VERSION
from services.memberships.demo_members import client_of
from services.memberships.gateways.open import sandbox
from services.memberships.gateways.port import Setup
from shared import clock
from shared.demo_ids import GRACIA, SALAMANCA, demo_id
from shared.testing.service import ServiceUnderTest

from . import CLIENT, OTHER, as_admin, as_client, maker, neighbours

ROOT = "/api/v1/memberships"
ONE = f"{ROOT}/{{membership_id}}"
FACIAL, PREMIUM = demo_id("plan", "Facial mensual"), demo_id("plan", "Premium con permanencia")
MASSAGE = str(demo_id("service", "Masaje relajante"))
TERMS = {"price": 4900, "currency": "EUR", "benefits": [{"quantity": 2, "category": "Facial"}]}
FREEZING = {"rules": [{"mode": "skip_payments"}], "days_a_year": 60}
ASK_THE_CLIENT = text(
    "UPDATE attempts SET state = 'needs_client', finished_at = NULL WHERE due_id IN"
    " (SELECT id FROM dues WHERE membership_id = :id AND state = 'open') RETURNING id"
)
CATCH_UP = text(
    "INSERT INTO catch_ups (id, off_since, found_at, totals, state) VALUES (:id, :now, :now, '[]', 'waiting')"
)
GOOD_FOR_LONG = text("UPDATE quotes SET expires_at = expires_at + interval '1 day'")


class Desk:
    """What staff do before the fuzzing."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service, self.made, self.admin = service, maker(service), service.with_token(as_admin())
        self.numbers = count()
        self.free = iter(number for number in range(6, 120) if number % 20 > 5)
        """Members who are active, each taken once."""

    def member(self, number: int) -> str:
        return str(demo_id("membership", str(number)))

    def quoted(self, act: str, numbers: Any = None, **inputs: Any) -> tuple[str, str]:
        """A member with a quote that the act takes, of the first who may."""
        for id in map(self.member, numbers or self.free):
            answer = self.admin.post(f"{ROOT}/quotes", {"act": act, "membership_id": id} | inputs)
            if answer.status_code == 201:
                return id, answer.json["id"]
        raise AssertionError(f"nobody can be asked: {act}: {answer.json}")

    def done(self, act: str, rule: str, numbers: Any = None, **inputs: Any) -> str:
        """A member for whom the act was done."""
        id, quote = self.quoted(act, numbers, **inputs)
        answer = self.admin.post(f"{ONE}/{rule}".format(membership_id=id), {"quote_id": quote})
        assert answer.status_code < 300, answer.json
        return id

    def owed(self, number: int) -> dict[str, Any]:
        return dict(self.admin.get(f"{ROOT}/dues?membership_id={self.member(number)}&state=open").json["items"][0])

    def asked(self, number: int) -> str:
        with self.service.database.transaction() as session:
            return str(session.execute(ASK_THE_CLIENT, {"id": self.member(number)}).scalar_one())

    def card(self) -> str:
        body = {"client_id": str(CLIENT), "branch_id": str(SALAMANCA), "agreement_version": VERSION}
        return self.made("/cards", body | {"test_card": "accepted"})

    def finished_setup(self, number: int) -> str:
        """A card that this member has entered in the sandbox's form, and not put on file yet."""
        begun = self.service.with_token(as_client(client_of(number))).post(f"{ROOT}/me/cards/setups", {}).json
        setup = Setup(begun["setup"], begun["client_secret"])
        sandbox(self.service.config, "main").choose_card(setup, "accepted")
        return setup.id

    def gift_card(self, *moves: str) -> tuple[str, str]:
        sold = self.admin.post(f"{ROOT}/gift-cards", {"amount": 5000, "branch_id": str(GRACIA), "tender": "cash"}).json
        for move in moves:
            self.made(f"/gift-cards/{sold['id']}/{move}", {"reason": "Perdida"})
        return sold["id"], sold["code"]

    def hold(self) -> str:
        body = {"client_id": str(CLIENT), "service_id": MASSAGE, "quantity": 1}
        return self.made("/credits/holds", body | {"reference": f"H-{next(self.numbers)}"})

    def service_credit(self, quantity: int = 3) -> str:
        body = {"client_id": str(CLIENT), "branch_id": str(SALAMANCA), "service_id": MASSAGE}
        return self.made("/service-credits", body | {"quantity": quantity, "comment": "Bono"})


def apart(rule: str, name: str, *values: Any, method: str = "POST") -> dict[str, list[Any]]:
    return {f"{method} {ROOT}{rule} {name}": list(values)}


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    neighbours(service)
    with service.database.transaction() as session:
        demo.fill(session, service.config.secret("gift-card-key").encode())
    desk = Desk(service)
    soon = (clock.now() + timedelta(days=20)).date().isoformat()
    assert desk.admin.post(f"{ROOT}/plans/{FACIAL}/terms", TERMS | {"price": 5200}).status_code == 201
    with service.database.transaction() as session:
        session.execute(CATCH_UP, {"id": CLIENT, "now": clock.now()})
    path: dict[str, list[Any]] = {}
    body: dict[str, list[Any]] = {}
    for rule, act, inputs in (
        ("freeze", "freeze", {"mode": "skip_payments", "ends_on": soon}),
        ("plan-change", "plan_change", {"plan_id": str(PREMIUM), "when": "period_end"}),
        ("cancellation", "cancellation", {}),
        (
            "periods/{period}/refunds",
            "refund",
            {"period": 1, "amount": 500, "destination": "balance", "reason": "Queja"},
        ),
    ):
        id, quote = desk.quoted(act, **inputs)
        path |= apart(f"/{{membership_id}}/{rule}", "membership_id", id)
        body |= apart(f"/{{membership_id}}/{rule}", "quote_id", quote)
    frozen = desk.member(2)
    freeze = desk.admin.get(f"{ROOT}/{frozen}/freezes").json["items"][0]["id"]
    body |= apart("/{membership_id}/freeze-end", "quote_id", desk.quoted("unfreeze", [2], freeze_id=freeze)[1])
    later = {"plan_id": str(PREMIUM), "when": "period_end"}
    changing = [desk.done("plan_change", "plan-change", **later) for _ in range(3)]
    gift, code = desk.gift_card()
    redeemed, _ = desk.gift_card()
    movement = desk.made(f"/gift-cards/{redeemed}/redemptions", {"amount": 100, "reference": "R"})
    desk.service_credit(1000)
    holds = [desk.hold() for _ in range(20)]
    addition = {"client_id": str(CLIENT), "branch_id": str(SALAMANCA), "plan_id": str(FACIAL)}
    additions = [desk.made("/quotes", {"act": "add"} | addition) for _ in range(20)]
    at_desk, late, gone, lost = desk.owed(20), desk.owed(40), desk.owed(60), desk.owed(80)
    cards = [desk.card() for _ in range(12)]
    mine = 26
    path |= {
        "client_id": [CLIENT, OTHER, client_of(0), client_of(6)],
        "branch_id": [SALAMANCA, GRACIA],
        "membership_id": [desk.member(number) for number in (6, 7, 8)],
        "plan_id": [desk.made("/plans", {"name": f"Plan {number}", "terms": TERMS}) for number in range(5)],
        "card_id": cards[:4],
        "credit_id": [desk.service_credit() for _ in range(8)],
        "hold_id": holds[:2],
        "due_id": [at_desk["id"]],
        "invoice_id": [desk.admin.get(f"{ROOT}/invoices?limit=5").json["items"][0]["id"]],
        "gift_card_id": [gift],
        "movement_id": [movement],
        "attempt_id": [desk.asked(100)],
        "catch_up_id": [CLIENT],
        "replacement": cards[8:],
        "period": [1],
        "number": [1],
        "months": [3],
        **apart("/plans/{plan_id}/moves", "plan_id", FACIAL),
        **apart("/plans/{plan_id}/moves/preview", "plan_id", FACIAL),
        **apart("/{membership_id}/freeze-end", "membership_id", frozen),
        **apart(
            "/{membership_id}/cancellation",
            "membership_id",
            desk.member(3),
            desk.member(23),
            desk.member(43),
            method="DELETE",
        ),
        **apart("/{membership_id}/plan-change", "membership_id", *changing, method="DELETE"),
        **apart("/{membership_id}/process", "membership_id", desk.member(0)),
        **apart("/{membership_id}/periods/{number}/settlements", "membership_id", desk.member(40)),
        **apart("/{membership_id}/periods/{number}/settlements", "number", late["number"]),
        **apart("/{membership_id}/periods/{number}/write-off", "membership_id", desk.member(60)),
        **apart("/{membership_id}/periods/{number}/write-off", "number", gone["number"]),
        **apart("/dues/{due_id}/write-off", "due_id", lost["id"]),
        **apart("/payments/attempts/{attempt_id}/cancellation", "attempt_id", desk.asked(0)),
        **apart("/payments/attempts/{attempt_id}/card", "attempt_id", desk.asked(100)),
        **apart("/credits/holds/{hold_id}/use", "hold_id", *holds[2:10]),
        **apart("/credits/holds/{hold_id}/release", "hold_id", *holds[10:]),
        **apart("/cards/{card_id}", "card_id", *cards[4:8], method="DELETE"),
        **apart("/gift-cards/{gift_card_id}/unblock", "gift_card_id", *(desk.gift_card("block")[0] for _ in range(8))),
        **apart("/gift-cards/{gift_card_id}/block", "gift_card_id", *(desk.gift_card()[0] for _ in range(8))),
        **apart("/gift-cards/{gift_card_id}/refunds", "gift_card_id", *(desk.gift_card()[0] for _ in range(8))),
        **apart("/gift-cards/{gift_card_id}/redemptions/{movement_id}/reversal", "gift_card_id", redeemed),
        **apart("/me/{membership_id}/payments", "membership_id", desk.member(mine), method="GET"),
        **apart("/me/{membership_id}/card", "membership_id", desk.member(mine), method="PUT"),
        **apart("/me/cards/{card_id}/default", "card_id", demo_id("card", str(mine)), method="PUT"),
    }
    body |= {
        "client_id": [CLIENT, OTHER],
        "branch_id": [SALAMANCA],
        "branch_ids": [[], [SALAMANCA]],
        "service_id": [MASSAGE],
        "currency": ["EUR"],
        "card_id": [None],
        "quote_id": additions,
        "terms": [TERMS, TERMS | {"freezing": FREEZING}],
        "benefits": [[], TERMS["benefits"]],
        "cancellation": [{}, {"kind": "fixed", "amount": 2500}],
        "freezing": [{}, FREEZING],
        "then_plan_id": [None],
        "ends_after_periods": [None, 600],
        "account": ["main"],
        "attempts_before_suspension": [1],
        "retry_days": [[1, 3, 5]],
        "gift_card_months": [120],
        "gift_card_minimum_months": [12],
        "taxes": [[], [{"category": "standard", "rate": "21", "since": "2012-09-01"}]],
        "effective_on": [soon],
        "from_terms": [[]],
        "expires_on": [None, "2040-01-31"],
        "buyer_id": [CLIENT],
        "holder_id": [OTHER],
        "employee_id": [None],
        "is_default": [True],
        "tender": ["cash", "terminal"],
        "code": [code],
        **apart("", "quote_id", *additions),
        **apart("/{membership_id}/process", "period", desk.owed(0)["number"]),
        **apart("/{membership_id}/periods/{number}/settlements", "amount", late["amount"]),
        **apart("/dues/{due_id}/settlements", "amount", at_desk["amount"]),
        **apart("/gift-cards", "amount", 5000),
        **apart("/gift-cards/{gift_card_id}/redemptions", "amount", 1),
        **apart("/gift-cards/{gift_card_id}/adjustments", "amount", 1, 100),
        **apart("/gift-cards/{gift_card_id}/extension", "expires_on", "{later}"),
        **apart("/payments/attempts/{attempt_id}/card", "card_id", demo_id("card", "100")),
        **apart("/me/{membership_id}/card", "card_id", demo_id("card", str(mine)), method="PUT"),
        **apart("/me/cards/setups", "membership_id", desk.member(mine)),
    }
    with service.database.transaction() as session:
        session.execute(GOOD_FOR_LONG)
    return {
        "token": as_admin(),
        "client_token": as_client(client_of(mine)),
        "tokens": {},
        "examples": {},
        "only_by_people": [f"POST {ROOT}/webhooks/{name}" for name in ("sandbox", "stripe")],
        "path": path,
        "body": body,
        "whole": {
            f"PATCH {ONE}": [{"note": "Hola"}, {"card_id": None}],
            f"PATCH {ROOT}/credits/{{credit_id}}": [
                {"status": "suspended", "reason": "Error"},
                {"status": "active", "expires_on": "2040-01-31", "reason": "Error"},
            ],
            f"POST {ROOT}/quotes": [
                {"act": "add"} | addition,
                {"act": "cancellation", "membership_id": desk.member(6)},
                {"act": "payment_date", "membership_id": desk.member(6), "next_payment_on": soon},
            ],
            f"POST {ROOT}/cards": [
                {"client_id": CLIENT, "branch_id": SALAMANCA, "agreement_version": VERSION, "test_card": "accepted"}
            ],
            f"POST {ROOT}/me/cards": [{"setup": desk.finished_setup(mine), "agreement_version": VERSION}],
        },
    }
