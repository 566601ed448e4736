"""The members of the demo, with a member and a quote apart for each act, and rows in the states that acts ask for."""

from dataclasses import dataclass, field
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
LATER = {"plan_id": str(PREMIUM), "when": "period_end"}
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


@dataclass
class Values:
    """What the fuzzer takes for a member of a path or a body: whatever the operation, or apart for one."""

    path: dict[str, list[Any]] = field(default_factory=dict)
    body: dict[str, list[Any]] = field(default_factory=dict)

    def in_path(self, rule: str, name: str, *values: Any, method: str = "POST") -> None:
        self.path[f"{method} {ROOT}{rule} {name}"] = list(values)

    def in_body(self, rule: str, name: str, *values: Any, method: str = "POST") -> None:
        self.body[f"{method} {ROOT}{rule} {name}"] = list(values)


MINE = 26
"""The member who is the client of the portal."""
ADDITION = {"client_id": str(CLIENT), "branch_id": str(SALAMANCA), "plan_id": str(FACIAL)}


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    neighbours(service)
    with service.database.transaction() as session:
        demo.fill(session, service.config.secret("gift-card-key").encode())
        session.execute(CATCH_UP, {"id": CLIENT, "now": clock.now()})
    desk, values = Desk(service), Values()
    soon = (clock.now() + timedelta(days=20)).date().isoformat()
    _everywhere(desk, values, soon)
    for of in (_plans, _credits, _payments, _cards, _gift_cards, _portal):
        of(desk, values)
    _memberships(desk, values, soon)
    with service.database.transaction() as session:
        session.execute(GOOD_FOR_LONG)
    return {
        "token": as_admin(),
        "client_token": as_client(client_of(MINE)),
        "tokens": {},
        "examples": {},
        "only_by_people": [f"POST {ROOT}/webhooks/{name}" for name in ("sandbox", "stripe")],
        "path": values.path,
        "body": values.body,
        "whole": _whole(desk, soon),
    }


def _everywhere(desk: Desk, values: Values, soon: str) -> None:
    values.path |= {
        "client_id": [CLIENT, OTHER, client_of(0), client_of(6)],
        "branch_id": [SALAMANCA, GRACIA],
        "membership_id": [desk.member(number) for number in (6, 7, 8)],
        "invoice_id": [desk.admin.get(f"{ROOT}/invoices?limit=5").json["items"][0]["id"]],
        "catch_up_id": [CLIENT],
        "period": [1],
        "number": [1],
        "months": [3],
    }
    values.body |= {
        "client_id": [CLIENT, OTHER],
        "branch_id": [SALAMANCA],
        "branch_ids": [[], [SALAMANCA]],
        "service_id": [MASSAGE],
        "currency": ["EUR"],
        "account": ["main"],
        "attempts_before_suspension": [1],
        "retry_days": [[1, 3, 5]],
        "taxes": [[], [{"category": "standard", "rate": "21", "since": "2012-09-01"}]],
        "effective_on": [soon],
        "expires_on": [None, "2040-01-31"],
        "employee_id": [None],
        "tender": ["cash", "terminal"],
    }


def _plans(desk: Desk, values: Values) -> None:
    assert desk.admin.post(f"{ROOT}/plans/{FACIAL}/terms", TERMS | {"price": 5200}).status_code == 201
    plans = [desk.made("/plans", {"name": f"Plan {number}", "terms": TERMS}) for number in range(5)]
    values.path |= {"plan_id": plans}
    values.in_path("/plans/{plan_id}/moves", "plan_id", FACIAL)
    values.in_path("/plans/{plan_id}/moves/preview", "plan_id", FACIAL)
    values.body |= {
        "terms": [TERMS, TERMS | {"freezing": FREEZING}],
        "benefits": [[], TERMS["benefits"]],
        "cancellation": [{}, {"kind": "fixed", "amount": 2500}],
        "freezing": [{}, FREEZING],
        "then_plan_id": [None],
        "ends_after_periods": [None, 600],
        "from_terms": [[]],
    }


def _memberships(desk: Desk, values: Values, soon: str) -> None:
    acts = {
        "freeze": ("freeze", {"mode": "skip_payments", "ends_on": soon}),
        "plan-change": ("plan_change", LATER),
        "cancellation": ("cancellation", {}),
        "periods/{period}/refunds": (
            "refund",
            {"period": 1, "amount": 500, "destination": "balance", "reason": "Queja"},
        ),
    }
    for rule, (act, inputs) in acts.items():
        id, quote = desk.quoted(act, **inputs)
        values.in_path(f"/{{membership_id}}/{rule}", "membership_id", id)
        values.in_body(f"/{{membership_id}}/{rule}", "quote_id", quote)
    frozen = desk.member(2)
    freeze = desk.admin.get(f"{ROOT}/{frozen}/freezes").json["items"][0]["id"]
    values.in_path("/{membership_id}/freeze-end", "membership_id", frozen)
    values.in_body("/{membership_id}/freeze-end", "quote_id", desk.quoted("unfreeze", [2], freeze_id=freeze)[1])
    cancelled = [desk.member(number) for number in (3, 23, 43)]
    values.in_path("/{membership_id}/cancellation", "membership_id", *cancelled, method="DELETE")
    changing = [desk.done("plan_change", "plan-change", **LATER) for _ in range(3)]
    values.in_path("/{membership_id}/plan-change", "membership_id", *changing, method="DELETE")
    additions = [desk.made("/quotes", {"act": "add"} | ADDITION) for _ in range(20)]
    values.body |= {"quote_id": additions}
    values.in_body("", "quote_id", *additions)


def _credits(desk: Desk, values: Values) -> None:
    desk.service_credit(1000)
    holds = [desk.hold() for _ in range(20)]
    values.path |= {"credit_id": [desk.service_credit() for _ in range(8)], "hold_id": holds[:2]}
    values.in_path("/credits/holds/{hold_id}/use", "hold_id", *holds[2:10])
    values.in_path("/credits/holds/{hold_id}/release", "hold_id", *holds[10:])


def _payments(desk: Desk, values: Values) -> None:
    at_desk, late, gone, lost = desk.owed(20), desk.owed(40), desk.owed(60), desk.owed(80)
    asked = desk.asked(100)
    values.path |= {"due_id": [at_desk["id"]], "attempt_id": [asked]}
    values.in_path("/{membership_id}/process", "membership_id", desk.member(0))
    values.in_body("/{membership_id}/process", "period", desk.owed(0)["number"])
    values.in_path("/{membership_id}/periods/{number}/settlements", "membership_id", desk.member(40))
    values.in_path("/{membership_id}/periods/{number}/settlements", "number", late["number"])
    values.in_body("/{membership_id}/periods/{number}/settlements", "amount", late["amount"])
    values.in_path("/{membership_id}/periods/{number}/write-off", "membership_id", desk.member(60))
    values.in_path("/{membership_id}/periods/{number}/write-off", "number", gone["number"])
    values.in_path("/dues/{due_id}/write-off", "due_id", lost["id"])
    values.in_path("/dues/{due_id}/settlements", "due_id", at_desk["id"])
    values.in_body("/dues/{due_id}/settlements", "amount", at_desk["amount"])
    values.in_path("/payments/attempts/{attempt_id}/cancellation", "attempt_id", desk.asked(0))
    values.in_path("/payments/attempts/{attempt_id}/card", "attempt_id", asked)
    values.in_body("/payments/attempts/{attempt_id}/card", "card_id", demo_id("card", "100"))


def _cards(desk: Desk, values: Values) -> None:
    cards = [desk.card() for _ in range(12)]
    values.path |= {"card_id": cards[:4], "replacement": cards[8:]}
    values.in_path("/cards/{card_id}", "card_id", *cards[4:8], method="DELETE")
    values.body |= {"card_id": [None], "is_default": [True]}


def _gift_cards(desk: Desk, values: Values) -> None:
    gift, code = desk.gift_card()
    redeemed, _ = desk.gift_card()
    movement = desk.made(f"/gift-cards/{redeemed}/redemptions", {"amount": 100, "reference": "R"})
    values.path |= {"gift_card_id": [gift], "movement_id": [movement]}
    one = "/gift-cards/{gift_card_id}"
    values.in_path(f"{one}/unblock", "gift_card_id", *(desk.gift_card("block")[0] for _ in range(8)))
    values.in_path(f"{one}/block", "gift_card_id", *(desk.gift_card()[0] for _ in range(8)))
    values.in_path(f"{one}/refunds", "gift_card_id", *(desk.gift_card()[0] for _ in range(8)))
    values.in_path(f"{one}/redemptions/{{movement_id}}/reversal", "gift_card_id", redeemed)
    values.body |= {
        "gift_card_months": [120],
        "gift_card_minimum_months": [12],
        "buyer_id": [CLIENT],
        "holder_id": [OTHER],
        "code": [code],
    }
    values.in_body("/gift-cards", "amount", 5000)
    values.in_body(f"{one}/redemptions", "amount", 1)
    values.in_body(f"{one}/adjustments", "amount", 1, 100)
    values.in_body(f"{one}/extension", "expires_on", "{later}")


def _portal(desk: Desk, values: Values) -> None:
    card = demo_id("card", str(MINE))
    values.in_path("/me/{membership_id}/payments", "membership_id", desk.member(MINE), method="GET")
    values.in_path("/me/{membership_id}/card", "membership_id", desk.member(MINE), method="PUT")
    values.in_body("/me/{membership_id}/card", "card_id", card, method="PUT")
    values.in_path("/me/cards/{card_id}/default", "card_id", card, method="PUT")
    values.in_body("/me/cards/setups", "membership_id", desk.member(MINE))


def _whole(desk: Desk, soon: str) -> dict[str, list[Any]]:
    """Bodies whose members hang on each other."""
    card = {"client_id": CLIENT, "branch_id": SALAMANCA, "agreement_version": VERSION, "test_card": "accepted"}
    return {
        f"PATCH {ONE}": [{"note": "Hola"}, {"card_id": None}],
        f"PATCH {ROOT}/credits/{{credit_id}}": [
            {"status": "suspended", "reason": "Error"},
            {"status": "active", "expires_on": "2040-01-31", "reason": "Error"},
        ],
        f"POST {ROOT}/quotes": [
            {"act": "add"} | ADDITION,
            {"act": "cancellation", "membership_id": desk.member(6)},
            {"act": "payment_date", "membership_id": desk.member(6), "next_payment_on": soon},
        ],
        f"POST {ROOT}/cards": [card],
        f"POST {ROOT}/me/cards": [{"setup": desk.finished_setup(MINE), "agreement_version": VERSION}],
    }
