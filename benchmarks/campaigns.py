"""The question over HTTP, a campaign to 100,000 clients, and a receipt while one goes out.

The question stands beside a bare select of the same facts; the campaign beside `INSERT … SELECT` of the very rows that
it has written; the receipt beside one on an idle system.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import psycopg

from benchmarks import http, load
from benchmarks.messages import Sink
from benchmarks.report import Line, at_least
from services.notifications.campaigns import actions
from services.notifications.campaigns.models import Run
from services.notifications.campaigns.running import let_in
from services.notifications.campaigns.stepping import go_on
from services.notifications.catalogue.types import TYPES
from services.notifications.copies.models import Branch, Client
from services.notifications.messages.actions import queue
from services.notifications.messages.models import Message
from shared import clock
from shared.actor import Context, acting
from shared.card import card
from shared.contracts.memberships import PAYMENT_SUCCEEDED
from shared.db import Database
from shared.ids import new_id
from shared.roles import migrate
from shared.testing.processes import Role

CLIENTS = 100_000
ASKED = 2000
ROUNDS = 3
RECEIPTS, A_SECOND, WARM_UP = 400, 20, 40
BRANCH = new_id()
HOUSE = Context("service:bench", "api")
STEPS = [{"do": "send", "channel": "email", "title": "Novedades", "text": "Tenemos láser nuevo."}]

FILL = """
    INSERT INTO clients (id, version, name, language, preferred_branch_id, archived, profile)
    SELECT id, 1, 'Ana López', 'es', %(branch)s, false,
           jsonb_build_object('first_name', 'Ana', 'phones', '[]'::jsonb, 'emails', '[]'::jsonb)
    FROM unnest(%(ids)s::uuid[]) AS id;
    INSERT INTO contact_points (client_id, channel, rank, address, address_hash, zones)
    SELECT id, 'email', 0, 'a' || id || '@example.com', 'h' || id, '[]' FROM clients;
    INSERT INTO preferences (client_id, kind, channel, is_on) SELECT id, 'marketing', 'email', true FROM clients;
    INSERT INTO consents (client_id, channel, address_hash, given_at, given, wording_id)
    SELECT id, 'email', 'h' || id, now(), 'paper', (SELECT id FROM consent_wordings LIMIT 1) FROM clients;
    DELETE FROM settings;
    INSERT INTO settings (id, version, settings) VALUES (gen_random_uuid(), 1, '{"opens": "00:00", "closes": "24:00"}')
"""


class Bench(http.Bench):
    service = "notifications"
    site = "benchmarks.asking:app"
    permissions = ("preferences.read",)

    def prepare(self) -> None:
        """A hundred thousand clients who have agreed to e-mail."""
        (Path(self.env["FOYER_SECRETS"]) / "suppression-key").write_text("of the bench")
        migrate(card("notifications"), self.config)
        self.clients = [str(new_id()) for _ in range(CLIENTS)]
        where = {"name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "language": "es", "active": True}
        self.database = Database(self.config)
        with self.database.transaction() as session:
            session.add(Branch(id=BRANCH, version=1, **where))
        with psycopg.connect(self.database.url, autocommit=True, cursor_factory=psycopg.ClientCursor) as session:
            session.execute(FILL, {"branch": BRANCH, "ids": self.clients})
            session.execute("VACUUM ANALYZE")


def run(bench: Bench, folder: Path) -> list[Line]:
    with bench.serving():
        lines = _question(bench)
    return [*lines, _letting_in(bench), _receipts(bench, folder)]


def _question(bench: Bench) -> list[Line]:
    headers = {"Authorization": f"Bearer {bench.token}"}

    def client(n: int) -> str:
        return bench.clients[n * 7919 % ASKED]

    def ours(n: int) -> bytes:
        asked = {"client_id": client(n), "kind": "marketing", "channel": "email"}
        return load.request("POST", "/api/v1/notifications/checks", headers, orjson.dumps({"asked": [asked]}))

    def bare(n: int) -> bytes:
        body = orjson.dumps({"kind": "marketing", "channel": "email"})
        return load.request("POST", f"/bare/facts/{client(n)}", body=body)

    rounds = [(bench.measure(ours), bench.measure(bare)) for _ in range(http.ROUNDS)]
    shares = [a.per_second for a, _ in rounds], [b.per_second for _, b in rounds]
    return [
        at_least("the question, one client", *shares, 0.50),
        *http.steadily(bench, "the question", ours, bare),
    ]


def _letting_in(bench: Bench) -> Line:
    """From the start of a campaign until everybody's message waits to be sent."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        _start(bench.database)
        began = time.perf_counter()
        while let_in(bench.database) or go_on(bench.database):
            pass
        ours.append(CLIENTS / (time.perf_counter() - began))
        bare.append(_again(bench.database))
        _forget(bench.database)
    return at_least("campaign to 100,000 clients into queued rows", ours, bare, 0.20, "clients/s")


def _start(database: Database) -> None:
    given: dict[str, Any] = {"name": "x", "entry": {"on": "now"}, "audience": {}, "steps": STEPS, "stops": []}
    with acting(HOUSE), database.transaction() as session:
        actions.move(session, actions.add(session, given).id, "start", None)


def _again(database: Database) -> float:
    """The same rows from a copy of them, in one transaction and in tables as empty as before: messages, runs, and as
    everywhere what is recorded and said of them."""
    tables = [Message.__tablename__, Run.__tablename__, "audit", "outbox"]
    with psycopg.connect(database.url) as session:
        for table in tables:
            session.execute(f"CREATE TEMP TABLE of_{table} AS SELECT * FROM {table}")
            session.execute(f"TRUNCATE {table}")
        session.commit()
        began = time.perf_counter()
        for table in tables:
            session.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM of_{table}")
        session.commit()
        return CLIENTS / (time.perf_counter() - began)


def _forget(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as session:
        session.execute("TRUNCATE messages, campaign_runs, campaigns, outbox, audit")
        session.execute("VACUUM ANALYZE")


def _receipts(bench: Bench, folder: Path) -> Line:
    """From the commit of a receipt to the mail server, with a worker of its own: alone, then beside a campaign."""
    with Sink(folder).running() as sink, _worker(bench, folder, sink):
        idle = _waits(bench, sink, "I")
        _start(bench.database)
        _until_some_go(sink)
        beside = _waits(bench, sink, "B")
    quiet, busy = (waits[int(len(waits) * 0.99)] for waits in (idle, beside))
    return Line("a receipt while a campaign of 100,000 goes out, p99", busy, quiet, "<= 2.00", "ms", busy / quiet <= 2)


@contextmanager
def _worker(bench: Bench, folder: Path, sink: Sink) -> Iterator[None]:
    by_smtp = {"FOYER_EMAIL_PROVIDER": "smtp", "FOYER_SMTP_PORT": str(sink.port), "FOYER_EMAIL_RATE": "1000000"}
    settings = bench.env | by_smtp | {"FOYER_LOG_LEVEL": "warning"}
    worker = Role("notifications", "worker", settings, folder / "worker.log").start()
    try:
        yield
    finally:
        worker.kill()


def _waits(bench: Bench, sink: Sink, series: str) -> list[float]:
    """Milliseconds of each receipt, sorted."""
    sent: dict[str, float] = {}
    began, kind = time.time(), TYPES["receipt"]
    with bench.database.transaction() as session:
        client = session.get_one(Client, bench.clients[0])
    for number in range(RECEIPTS + WARM_UP):
        Event().wait(max(0.0, began + number / A_SECOND - time.time()))
        invoice = f"{series}-{number:06}"
        data = {**PAYMENT_SUCCEEDED.example, "id": str(new_id()), "payer_id": str(client.id), "invoice_number": invoice}
        with acting(HOUSE), bench.database.transaction() as session:
            queue(session, kind, client, channels=["email"], data=data, happened_at=clock.now(), branch_id=BRANCH)
        sent[f"Recibo {invoice}"] = time.time()
    deadline = time.time() + 60
    while len(sent.keys() & sink.came().keys()) < len(sent) and time.time() < deadline:
        Event().wait(0.2)
    came = sink.came()
    return sorted((came[subject] - at) * 1000 for subject, at in list(sent.items())[WARM_UP:])


def _until_some_go(sink: Sink) -> None:
    while "Novedades" not in sink.came():
        Event().wait(0.2)
