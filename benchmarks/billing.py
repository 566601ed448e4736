"""The billing run against bare psycopg that writes the same rows, a gateway that is slow, and finding what is due.

The run is the worker's own: its clock raises, its pipeline charges. The gateway is of this process and keeps the port's
promise, so that what is measured is ours and the database's. It runs in a process of its own, as the worker does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb, set_json_dumps
from sqlalchemy import text

from benchmarks.report import Line, at_least, at_most, told
from services.memberships.billing import clock as billing
from services.memberships.billing.outlook import due
from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.copies.models import Branch
from services.memberships.gateways.port import Charge, Outcome
from services.memberships.memberships.models import Membership
from services.memberships.payments import pipeline
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.plans.terms import Benefit, Terms
from shared import clock, telemetry
from shared.config import load
from shared.db import Database
from shared.ids import new_id
from shared.migrations.run import upgrade
from shared.postgres_server import PostgresServer

ROUNDS = 3
MEMBERS = 1000
SLOW_MEMBERS = 500
BATCH = 50
SLOW = 0.3
FEW, MANY = 100_000, 1_000_000


class InstantGateway:
    """Accepts everything. What it takes, it takes `seconds` for; it names a payment at once."""

    account = "main"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.taken: set[str] = set()

    def create(self, charge: Charge) -> str:
        return f"pay_{charge.attempt_id}"

    def confirm(self, gateway_id: str) -> Outcome:
        if self.seconds:
            time.sleep(self.seconds)
        self.taken.add(gateway_id)
        return Outcome(gateway_id, "succeeded")

    def find(self, gateway_id: str) -> Outcome:
        return Outcome(gateway_id, "succeeded" if gateway_id in self.taken else "requires_confirmation")


def run(server: PostgresServer, env: dict[str, str]) -> list[Line]:
    """All lines; `env` is that of a service, without its database."""
    return [*_runs(server, env), _finding(server, env)]


# --- the run


def _runs(server: PostgresServer, env: dict[str, str]) -> list[Line]:
    ours, bare = [], []
    _prepare(server, env, "bench_billing", MEMBERS)
    for _ in range(ROUNDS):
        _copy(server, "bench_billing", "bench_billing_ours")
        _copy(server, "bench_billing", "bench_billing_bare")
        ours.append(MEMBERS / _bill(server, env, 0.0)["seconds"])
        bare.append(MEMBERS / _write_the_same(server))
    _prepare(server, env, "bench_billing", SLOW_MEMBERS)
    _copy(server, "bench_billing", "bench_billing_ours")
    slow = _bill(server, env, SLOW)
    return [
        at_least("billing run, instant gateway, one clock (memberships)", ours, bare, 0.40),
        at_least("billing run, gateway of 300 ms (charges)", [SLOW_MEMBERS / slow["seconds"]], [20 / SLOW], 0.80),
        told("... its longest transaction", [slow["longest_ms"]], "ms"),
    ]


def _prepare(server: PostgresServer, env: dict[str, str], name: str, members: int) -> None:
    """A migrated database in which so many memberships are due, each with a client and a card of its own."""
    _copy(server, "template1", name)
    database = _open(server, env, name)
    upgrade(database.config)
    today = clock.today("Europe/Madrid")
    branch: dict[str, Any] = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es"}
    terms = Terms(4900, "EUR", benefits=(Benefit(2, category="Facial"),))
    facts: dict[str, Any] = {"note": "", "currency": "EUR", "discounts": [], "anchor_period": 1, "next_period": 1}
    stands = {"lifecycle": "active", "standing": "good", "collection": "none"}
    card: dict[str, Any] = {"brand": "visa", "last_four": "4242", "exp_month": 12, "exp_year": today.year + 3}
    agreed: dict[str, Any] = {"agreement": "", "agreement_version": "1", "added_by": "service:bench"}
    branch_id, plan_id, now = new_id(), new_id(), clock.now()
    clients = [new_id() for _ in range(members)]
    with database.transaction() as session:
        session.add(Branch(id=branch_id, version=1, name="Salamanca", active=True, **branch))
        plan = {"name": "Mensual", "description": "", "branch_ids": [], "terms_number": 1, "active": True}
        session.add(Plan(id=plan_id, version=1, created_at=now, **plan))
        session.flush()
        session.add(PlanTerms(plan_id=plan_id, number=1, terms=terms.as_dict(), published_at=now))
        session.add_all(GatewayCustomer(client_id=each, account="main", token=f"cus_{each}") for each in clients)
        session.add_all(
            Card(
                id=each, version=1, client_id=each, account="main", token=f"card_{each}", is_default=True, position=1,
                for_others=False, agreed_at=now, **card, **agreed,
            )
            for each in clients
        )  # fmt: skip
        session.flush()
        days = {"sold_on": today, "starts_on": today, "anchor": today, "next_due_on": today}
        session.add_all(
            Membership(
                id=new_id(), version=1, client_id=each, payer_id=each, branch_id=branch_id, plan_id=plan_id,
                terms_number=1, card_id=each, next_due_at=now - timedelta(hours=1), created_at=now,
                **days, **facts, **stands,
            )
            for each in clients
        )  # fmt: skip
    database.close()


def _bill(server: PostgresServer, env: dict[str, str], seconds: float) -> dict[str, float]:
    """Bills everybody of `bench_billing_ours` in a process of its own, and says how long it took."""
    command = [sys.executable, "-m", "benchmarks.billing", server.url("bench_billing_ours"), str(seconds)]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    return dict(orjson.loads(done.stdout.splitlines()[-1]))


def bill(url: str, seconds: float) -> dict[str, float]:
    """The worker's duties of billing, in threads as it does them, until nothing is left to do."""
    database = Database(load("memberships", os.environ | {"FOYER_DATABASE_URL": url}))
    gateway: Any = InstantGateway(seconds)
    all_raised = Event()

    def charge() -> None:
        while pipeline.turn(database, lambda _: gateway) or not all_raised.wait(0.02):
            pass
        while pipeline.turn(database, lambda _: gateway):
            pass

    charging = Thread(target=charge)
    with _watched(url) as longest:
        began = clock.monotonic()
        charging.start()
        while billing.turn(database):
            pass
        all_raised.set()
        charging.join()
        took = clock.monotonic() - began
    with database.reading() as connection:
        left = connection.execute(text("SELECT count(*) FROM memberships WHERE next_period = 1")).scalar_one()
        unpaid = connection.execute(text("SELECT count(*) FROM dues WHERE state <> 'paid'")).scalar_one()
    assert (left, unpaid) == (0, 0), "everybody is charged"
    return {"seconds": took, "longest_ms": max(longest, default=0.0)}


@contextmanager
def _watched(url: str) -> Iterator[list[float]]:
    """Looks, fifty times a second, how long the transactions of the database have been open."""
    longest: list[float] = []
    over = Event()

    def watch() -> None:
        with psycopg.connect(url, autocommit=True) as session:
            while not over.wait(0.02):
                found = session.execute(OLDEST).fetchone()
                longest.append(float(found[0]) if found else 0.0)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield longest
    finally:
        over.set()
        thread.join()


OLDEST = """
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000, 0) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


# --- the same rows by bare psycopg

FIRST = ("dues", "invoices", "attempts")
"""Written by the first commit, with the membership's next period; the second settles them and adds the rest."""
THEN = ("credits", "credit_movements", "audit", "outbox")
ORDER = {
    "dues": "id",
    "credit_movements": "(SELECT due_id FROM credits WHERE credits.id = credit_id)",
    "audit": "position",
    "outbox": "position",
}
"""Of a table's rows, so that what belongs to a due is written with it."""
MOVE = "UPDATE memberships SET next_period = 2, version = version + 1 WHERE id = %s"
NUMBER = """
    INSERT INTO invoice_numbers (branch_id, series, last) VALUES (%s, 'M', %s)
    ON CONFLICT (branch_id, series) DO UPDATE SET last = invoice_numbers.last + excluded.last
"""
SETTLE = (
    "UPDATE attempts SET state = 'succeeded', finished_at = created_at, look_at = NULL WHERE id = %s",
    "UPDATE dues SET state = 'paid', version = 2, closed_at = raised_at WHERE id = %s",
    "UPDATE memberships SET version = version + 1 WHERE id = %s",
)


@dataclass
class Written:
    """The rows of a table that the run has written, for bare psycopg to write them again."""

    insert: sql.Composed
    rows: list[dict[str, Any]]

    def share(self, part: int, of: int) -> list[dict[str, Any]]:
        return self.rows[part * len(self.rows) // of : (part + 1) * len(self.rows) // of]


def _write_the_same(server: PostgresServer) -> float:
    """Seconds for the rows of `bench_billing_ours`, in batches of fifty memberships with two commits each."""
    set_json_dumps(lambda value: orjson.dumps(value))
    with psycopg.connect(server.url("bench_billing_ours"), row_factory=dict_row) as source:
        tables = {name: _written(source, name) for name in (*FIRST, *THEN)}
    batches = MEMBERS // BATCH
    with psycopg.connect(server.url("bench_billing_bare")) as session:
        began = clock.monotonic()
        for part in range(batches):
            _write_batch(session, tables, part, batches)
        return clock.monotonic() - began


def _write_batch(session: psycopg.Connection[Any], tables: dict[str, Written], part: int, batches: int) -> None:
    dues, attempts = tables["dues"].share(part, batches), tables["attempts"].share(part, batches)
    members = [(row["membership_id"],) for row in dues]
    with session.cursor() as cursor:
        cursor.execute("SELECT id FROM memberships WHERE id = ANY(%s) FOR UPDATE", ([each for (each,) in members],))
        cursor.execute(NUMBER, (dues[0]["branch_id"], len(dues)))
        for name in FIRST:
            cursor.executemany(tables[name].insert, tables[name].share(part, batches))
        cursor.executemany(MOVE, members)
    session.commit()
    with session.cursor() as cursor:
        keys = ([(row["id"],) for row in attempts], [(row["id"],) for row in dues], members)
        for statement, ids in zip(SETTLE, keys, strict=True):
            cursor.executemany(statement, ids)
        for name in THEN:
            cursor.executemany(tables[name].insert, tables[name].share(part, batches))
    session.commit()


def _written(source: psycopg.Connection[Any], table: str) -> Written:
    found = source.execute(
        sql.SQL("SELECT * FROM {} ORDER BY ").format(sql.Identifier(table)) + sql.SQL(ORDER.get(table, "due_id"))
    ).fetchall()
    rows = [{name: _value(value) for name, value in row.items() if name != "position"} for row in found]
    columns = list(rows[0])
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
    )
    return Written(insert, rows)


def _value(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


# --- finding what is due

FILL = """
    INSERT INTO memberships (id, version, client_id, payer_id, branch_id, plan_id, terms_number, note, currency,
        discounts, sold_on, starts_on, anchor, anchor_period, next_period, next_due_on, next_due_at, lifecycle,
        standing, collection, created_at)
    SELECT gen_random_uuid(), 1, client_id, client_id, branch_id, plan_id, 1, '', 'EUR', '[]', sold_on, starts_on,
           anchor, 1, 2, next_due_on, created_at + (n - 1000) * interval '3 seconds', 'active', 'good', 'none',
           created_at
    FROM (SELECT * FROM memberships LIMIT 1) one, generate_series(1, %s) n
"""


def _finding(server: PostgresServer, env: dict[str, str]) -> Line:
    _prepare(server, env, "bench_billing", 1)
    times = []
    for more in (FEW, MANY - FEW):
        with psycopg.connect(server.url("bench_billing"), autocommit=True) as session:
            session.execute(FILL, (more,))
            session.execute("VACUUM (ANALYZE) memberships")
        times.append(_time_to_find(server, env))
    few, many = times
    path = f"finding the next 500 due: {MANY:,} against {FEW:,} memberships ({many:.1f} ms, {few:.1f} ms)"
    return at_most(path, many / few, 1.5, "times")


def _time_to_find(server: PostgresServer, env: dict[str, str]) -> float:
    """Milliseconds, the median of many."""
    database = _open(server, env, "bench_billing")
    taken = sorted(_timed(lambda: _find(database)) for _ in range(41))
    database.close()
    return taken[20]


def _find(database: Database) -> None:
    with database.transaction() as session:
        found: list[UUID] = session.scalars(
            due(clock.now()).with_only_columns(Membership.id).limit(500).with_for_update(skip_locked=True)
        ).all()  # type: ignore[assignment]
        assert len(found) == 500
        session.rollback()


def _timed(do: Callable[[], None]) -> float:
    began = clock.monotonic()
    do()
    return (clock.monotonic() - began) * 1000


# --- databases


def _copy(server: PostgresServer, template: str, name: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        session.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _open(server: PostgresServer, env: dict[str, str], name: str) -> Database:
    return Database(load("memberships", env | {"FOYER_DATABASE_URL": server.url(name)}))


if __name__ == "__main__":
    telemetry.configure_logs("warning")
    print(orjson.dumps(bill(sys.argv[1], float(sys.argv[2]))).decode())  # noqa: T201
