"""Workers are killed while they charge cards: afterwards our book and the gateway's agree, charge by charge.

A kill is aimed at a place on the way of a charge. Both workers are stopped when the rows and the gateway's book say
that an attempt is there, looked at once more while they stand still, and killed. Each one that is started again has a
clock that is further on, so that leases of the dead are over, and of the living too: they get into each other's way.
"""

import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.copies.models import Branch
from services.memberships.gateways.sandbox.book import Book
from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import OPEN
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.plans.terms import Benefit, Terms
from shared import clock
from shared.card import card
from shared.config import load
from shared.db import Database
from shared.ids import new_id
from shared.roles import migrate
from shared.testing.buses import EmbeddedBus
from shared.testing.eventually import NotWithin, eventually
from shared.testing.processes import Role
from shared.testing.service import make_secrets

PRICE = 4900
BRANCH, PLAN = new_id(), new_id()
CARDS = ("accepted",) * 14 + ("answer_lost",) * 3 + ("insufficient_funds", "hard_decline", "needs_client")
PLACES = {
    "A": "after the attempt's commit",
    "B": "while the gateway works",
    "C": "after its answer and before our commit",
    "D": "after that and before the relay",
}
TRIES = 3
DECIDED = ("succeeded", "declined", "needs_client")
LONG_AGO = timedelta(minutes=2)
"""By which a worker's clock is further on than that of the one before: longer than a lease."""


@dataclass
class Chain:
    """The memberships service as processes, and its gateway as another."""

    url: str
    bus: EmbeddedBus
    folder: Path
    sandbox: SandboxProcess
    dice: random.Random
    members: int = 0
    started: int = 0
    roles: dict[str, Role] = field(default_factory=dict)
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    """Customers and cards at the gateway whose members are yet to come: with what behaves how."""

    def open(self, members: int) -> None:
        migrate(card("memberships"), load("memberships", self.settings()))
        self._at_the_gateway(members)
        self.sandbox.start()
        self.database = Database(load("memberships", self.settings()))
        with self.database.transaction() as session:
            session.add(_branch())
            session.add(_plan())
            session.flush()
            terms = Terms(price=PRICE, currency="EUR", benefits=(Benefit(quantity=2, category="Facial"),))
            session.add(PlanTerms(plan_id=PLAN, number=1, terms=terms.as_dict(), published_at=clock.now()))
        self.ours = psycopg.connect(self.url, autocommit=True)

    def settings(self) -> dict[str, str]:
        return {
            "FOYER_DATABASE_URL": self.url,
            "FOYER_SECRETS": str(self.folder / "secrets"),
            "FOYER_CLOCK_OFFSET": str((self.started * LONG_AGO).total_seconds()),
            "FOYER_LOG_LEVEL": "warning",
            **self.sandbox.settings,
            **self.bus.environment(),
        }

    def _at_the_gateway(self, members: int) -> None:
        """Written into the gateway's book before it is opened: by hand it would take longer than the test."""
        book = Book(self.sandbox.book)
        for _ in range(members):
            behaves = self.dice.choice(CARDS)
            client_id = str(new_id())
            customer = book.add_customer("main", client_id)["id"]
            secret = book.begin_setup("main", customer, "")["secret"]
            self.waiting.append((client_id, customer, str(book.finish_setup(secret, behaves)["card"])))
        book.close()

    def more_are_due(self, count: int) -> None:
        """So many members whose first period is due now."""
        now = clock.now()
        with self.database.transaction() as session:
            for client_id, customer, token in [self.waiting.pop() for _ in range(count)]:
                card_id = new_id()
                session.add(GatewayCustomer(client_id=client_id, account="main", token=customer))
                session.add(_card(card_id, client_id, token))
                session.flush()
                session.add(_member(client_id, card_id, now))
        self.members += count

    # --- its processes

    def run(self, *names: str) -> None:
        """Starts those of the processes that do not run, on a clock that is further on."""
        for name in names or ("worker 1", "worker 2", "relay"):
            if name not in self.roles:
                self.started += 1
                log = self.folder / f"{name}.log"
                self.roles[name] = Role("memberships", name.split()[0], self.settings(), log)
                self.roles[name].launch()

    def stop(self, *names: str) -> None:
        for name in names:
            if name in self.roles:
                self.roles[name].send(signal.SIGSTOP)

    def go_on(self) -> None:
        for role in self.roles.values():
            role.send(signal.SIGCONT)

    def kill(self, *names: str) -> None:
        for name in names:
            if name in self.roles:
                self.roles.pop(name).kill()

    def close(self) -> None:
        self.go_on()
        for name, role in list(self.roles.items()):
            self.kill(name)
            print(f"{role.log.name}:\n{role.log.read_text()[-2000:]}")  # pytest shows it with a failure
        self.sandbox.stop()
        self.ours.close()
        self.database.close()

    # --- the two books

    def ask(self, question: str) -> list[Any]:
        return self.ours.execute(question).fetchall()

    def at(self, place: str) -> int:
        """How many attempts are at this place now, as the two books have it."""
        if place == "D":
            return len(self.ask("SELECT 1 FROM outbox WHERE type LIKE 'memberships.payment.%'"))
        attempts = self.ask(
            f"SELECT id::text, gateway_id FROM attempts WHERE state IN {OPEN} AND state <> 'needs_client'"
        )
        if not attempts:
            return 0
        with suppress(Exception):  # the book may be locked for a moment
            payments = self.payments()
            if place == "A":
                return sum(attempt not in payments for attempt, _ in attempts)
            decided = [
                gateway_id and payments.get(attempt, {}).get(gateway_id) in DECIDED for attempt, gateway_id in attempts
            ]
            named = [gateway_id is not None for _, gateway_id in attempts]
            return sum(decided) if place == "C" else sum(named) - sum(map(bool, decided))
        return 0

    def payments(self) -> dict[str, dict[str, str]]:
        """By our attempt, the state of each payment that the gateway knows of it."""
        found: dict[str, dict[str, str]] = {}
        for attempt, name, state in self.sandbox.rows("SELECT attempt_id, id, state FROM payments"):
            found.setdefault(attempt, {})[name] = state
        return found

    def is_at_rest(self) -> None:
        """Everything is raised and has its outcome, or waits for the client, and all of it is said."""
        [(raised,)] = self.ask("SELECT count(*) FROM dues")
        assert raised == self.members, "not all is raised"
        busy = f"SELECT id, state, gateway_id, looks, look_at FROM attempts WHERE state IN {OPEN}"
        assert self.ask(f"{busy} AND state <> 'needs_client' LIMIT 3") == []
        assert self.ask("SELECT position, type FROM outbox LIMIT 3") == []


def _branch() -> Branch:
    zone = {"time_zone": "Europe/Madrid", "currency": "EUR", "language": "es", "country": "ES"}
    return Branch(id=BRANCH, version=1, name="Salamanca", active=True, **zone)


def _plan() -> Plan:
    shown = {"name": "Mensual", "description": "", "branch_ids": [], "active": True}
    return Plan(id=PLAN, version=1, terms_number=1, created_at=clock.now(), **shown)


def _card(card_id: Any, client_id: str, token: str) -> Card:
    face = {"brand": "visa", "last_four": "4242", "exp_month": 12, "exp_year": 2040}
    agreed = {"agreement": "", "agreement_version": "1", "agreed_at": clock.now(), "added_by": "service:tests"}
    place = {"is_default": True, "position": 1, "for_others": False}
    return Card(id=card_id, version=1, client_id=client_id, account="main", token=token, **face, **agreed, **place)


def _member(client_id: str, card_id: Any, now: Any) -> Membership:
    today = now.date()
    who = {"client_id": client_id, "payer_id": client_id, "branch_id": BRANCH, "employee_id": None}
    facts = {"lifecycle": "active", "standing": "good", "collection": "none", "note": "", "discounts": []}
    days = {"sold_on": today, "starts_on": today, "anchor": today, "anchor_period": 1, "next_period": 1}
    return Membership(
        id=new_id(), version=1, plan_id=PLAN, terms_number=1, card_id=card_id, currency="EUR", next_due_on=today,
        next_due_at=now, created_at=now, **who, **facts, **days,
    )  # fmt: skip


@pytest.fixture
def chain(request: pytest.FixtureRequest, postgres: Any, tmp_path: Path) -> Iterator[Chain]:
    """Its gateway honours idempotency keys, or ignores them: the parameter says so."""
    urls = [postgres.url(postgres.new_database()) for _ in range(2)]
    make_secrets(tmp_path / "secrets")
    keys = ["--ignore-keys"] if request.param == "ignored" else []
    sandbox = SandboxProcess(tmp_path / "gateway", "--delay", "0.1", *keys)
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    chain = Chain(urls[0], EmbeddedBus(urls[1]), tmp_path, sandbox, random.Random(seed))
    try:
        yield chain
    finally:
        chain.close()
        for url in urls:
            postgres.drop_database(urlsplit(url).path.lstrip("/"))


@pytest.mark.parametrize(("chain", "kills"), [("honoured", 4), ("ignored", 6)], indirect=["chain"])
def test_after_ten_kills_both_books_agree_charge_by_charge(chain: Chain, kills: int) -> None:
    _kill_and_compare(chain, kills, members=20 * kills)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("chain", ["honoured", "ignored"], indirect=True)
def test_after_a_hundred_kills_both_books_agree_charge_by_charge(chain: Chain) -> None:
    _kill_and_compare(chain, kills=100, members=2000)


def _kill_and_compare(chain: Chain, kills: int, members: int) -> None:
    chain.open(2 * members)  # some come in the place of those who were charged before anybody was caught
    fell: Counter[str] = Counter()
    for number in range(kills):
        chain.more_are_due(members // kills)
        chain.run()
        fell[_kill_at(chain, "ABCD"[number % 4])] += 1
    chain.run()
    eventually(chain.is_at_rest, within=60, every=0.1)
    print(f"{kills} kills of two workers: " + ", ".join(f"{fell[place]} {words}" for place, words in PLACES.items()))
    assert set(fell) == set(PLACES)
    _books_agree(chain)
    _nothing_is_said_twice(chain)


def _kill_at(chain: Chain, place: str) -> str:
    """Kills both workers when an attempt is there, and sometimes one of them a little before; where they fell."""
    if place == "D":
        chain.stop("relay")
    if chain.dice.random() < 0.3:
        with suppress(NotWithin):
            eventually(lambda: chain.at(chain.dice.choice("ABC")), within=10, every=0.005)
        chain.kill(chain.dice.choice(["worker 1", "worker 2"]))
        chain.run()

    def caught() -> bool:
        if not chain.at(place):
            return False
        chain.stop("worker 1", "worker 2")
        if chain.at(place):
            return True
        chain.go_on()
        if place == "D":
            chain.stop("relay")
        return False

    for _ in range(TRIES):
        with suppress(NotWithin):
            eventually(caught, within=15, every=0.005)
            break
        chain.more_are_due(20)
    else:
        raise AssertionError(f"no attempt was ever caught {PLACES[place]}")
    chain.kill("worker 1", "worker 2", *(["relay"] if place == "D" else []))
    return place


def _books_agree(chain: Chain) -> None:
    taken = dict(chain.sandbox.rows("SELECT id, captured FROM payments WHERE captured > 0"))
    ours = dict(chain.ask("SELECT gateway_id, amount FROM attempts WHERE state = 'succeeded'"))
    assert ours == taken, "what we say was taken is not what the gateway took"
    assert set(taken.values()) == {PRICE}
    per_due = chain.sandbox.rows("SELECT due_id, count(*) FROM payments WHERE captured > 0 GROUP BY due_id")
    assert {count for _, count in per_due} == {1}, "a period was charged twice"
    paid = {str(due_id) for (due_id,) in chain.ask("SELECT id FROM dues WHERE state = 'paid'")}
    assert paid == {due_id for due_id, _ in per_due}
    assert len(paid) > chain.members / 2, "hardly anything was charged"
    assert chain.ask("SELECT number, count(*) FROM dues GROUP BY number") == [(1, chain.members)]
    assert not chain.ask("SELECT 1 FROM refunds")
    [(last, count)] = chain.ask("SELECT max(number), count(*) FROM invoices")
    assert last == count == chain.members, "an invoice number is left out"
    [(issued,)] = chain.ask("SELECT count(DISTINCT due_id) FROM credits")
    assert issued == len(paid)
    [(known,)] = chain.sandbox.rows("SELECT count(*) FROM payments")
    print(f"{chain.members} members, {len(taken)} charges, {known} payments known to the gateway")


def _nothing_is_said_twice(chain: Chain) -> None:
    said = {(event["id"], event["type"], event["subject"], event["subjectversion"]) for event in chain.bus.history()}
    assert max(Counter((subject, version) for _, _, subject, version in said).values()) <= 2  # renewed and its cause
    kinds = Counter((kind, subject) for _, kind, subject, _ in said if kind.startswith("memberships.payment."))
    assert max(kinds.values()) == 1, "one outcome was said as two events"
    succeeded = {subject for kind, subject in kinds if kind == "memberships.payment.succeeded.v1"}
    assert succeeded == {str(due_id) for (due_id,) in chain.ask("SELECT id FROM dues WHERE state = 'paid'")}
