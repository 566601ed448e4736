"""The sandbox's book: an SQLite file, in which everything is committed before it is answered.

A kill loses nothing that was answered. Two payments with one key are one, unless keys are to be ignored.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from services.memberships.gateways.sandbox import demo
from services.memberships.gateways.sandbox.cards import CARDS, TestCard
from shared import clock
from shared.ids import new_id

Row = dict[str, Any]

TABLES = """
    CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, account TEXT, client_id TEXT,
        UNIQUE (account, client_id));
    CREATE TABLE IF NOT EXISTS setups (id TEXT PRIMARY KEY, account TEXT, customer TEXT, secret TEXT UNIQUE,
        return_url TEXT, card TEXT);
    CREATE TABLE IF NOT EXISTS cards (id TEXT PRIMARY KEY, account TEXT, customer TEXT, behaves TEXT, brand TEXT,
        last_four TEXT, exp_month INTEGER, exp_year INTEGER, removed INTEGER DEFAULT 0);
    CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, account TEXT, due_id TEXT, attempt_id TEXT,
        amount INTEGER, currency TEXT, customer TEXT, card TEXT, state TEXT, code TEXT, captured INTEGER DEFAULT 0,
        return_url TEXT);
    CREATE TABLE IF NOT EXISTS refunds (id TEXT PRIMARY KEY, account TEXT, payment TEXT, refund_id TEXT,
        amount INTEGER, state TEXT, code TEXT);
    CREATE INDEX IF NOT EXISTS ix_refunds_payment ON refunds (payment);
    CREATE TABLE IF NOT EXISTS disputes (id TEXT PRIMARY KEY, account TEXT, payment TEXT, amount INTEGER,
        currency TEXT, reason TEXT, state TEXT);
    CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, object TEXT);
    CREATE TABLE IF NOT EXISTS plans (object TEXT, what TEXT, at REAL);
    CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, account TEXT, kind TEXT, object TEXT, at REAL,
        tries INTEGER DEFAULT 0);
    CREATE INDEX IF NOT EXISTS ix_events_at ON events (at);
"""


class Refused(Exception):
    """It will not do this. The code is what the caller is told."""


class Book:
    def __init__(self, path: Path | str, *, honours_keys: bool = True, later: float = 3.0) -> None:
        """`later` is how many seconds a refund takes to fail, and a dispute to come."""
        self.honours_keys, self.later = honours_keys, later
        self._lock = threading.RLock()
        self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._sql.row_factory = lambda cursor, row: {
            column[0]: value for column, value in zip(cursor.description, row, strict=True)
        }
        self._sql.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {TABLES}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")

    def close(self) -> None:
        self._sql.close()

    # --- customers and cards

    def add_customer(self, account: str, client_id: str) -> Row:
        with self._writing():
            self._do("INSERT OR IGNORE INTO customers VALUES (?, ?, ?)", _name("cus"), account, client_id)
            return self._one("SELECT * FROM customers WHERE account = ? AND client_id = ?", account, client_id)

    def begin_setup(self, account: str, customer: str, return_url: str) -> Row:
        with self._writing():
            self._of(account, "customers", customer)
            setup = {
                "account": account,
                "customer": customer,
                "secret": f"secret_{token_hex(16)}",
                "return_url": return_url,
            }
            return self._insert("setups", "set", **setup, card=None)

    def setup(self, name: str) -> Row:
        """By its id or its secret."""
        return self._one("SELECT * FROM setups WHERE id = ? OR secret = ?", name, name)

    def finish_setup(self, secret: str, behaves: str) -> Row:
        """The person has chosen a test card. A second time is the same card."""
        with self._writing():
            setup = self.setup(secret)
            if setup["card"] is None:
                card = self._add_card(setup["account"], setup["customer"], _test_card(behaves))
                self._do("UPDATE setups SET card = ? WHERE id = ?", card["id"], setup["id"])
            return self.setup(secret)

    def card(self, token: str) -> Row:
        return self._get("cards", token)

    def change_card(self, token: str, **changes: Any) -> Row:
        """What a bank does: another expiry or number, or another fortune (`behaves`). The network tells it on."""
        with self._writing():
            self._update("cards", token, changes)
            card = self.card(token)
            self._tell("card", card)
            return card

    def remove_card(self, token: str) -> Row:
        with self._writing():
            self._update("cards", token, {"removed": 1})
            return self.card(token)

    def _add_card(self, account: str, customer: str, test: TestCard) -> Row:
        year = clock.now().year + (-1 if test.code == "expired_card" else 3)
        kind = {"behaves": test.name, "brand": test.brand, "last_four": test.last_four}
        owner = {"account": account, "customer": customer}
        return self._insert("cards", "card", **owner, **kind, exp_month=12, exp_year=year, removed=0)

    # --- payments

    def create(self, account: str, key: str, **charge: Any) -> Row:
        if charge["amount"] <= 0:
            raise Refused("amount_too_small")
        with self._writing():
            if known := self._known(key):
                return self.payment(known)
            card = self._of(account, "cards", charge["card"])
            if card["removed"] or card["customer"] != charge["customer"]:
                raise Refused("card_not_usable")
            payment = self._insert("payments", "pay", account=account, **charge, state="requires_confirmation")
            self._keep(key, payment["id"])
            return payment

    def payment(self, name: str) -> Row:
        return self._get("payments", name)

    def behaviour(self, payment: str) -> TestCard:
        """Of the card that pays it."""
        return CARDS[self.card(self.payment(payment)["card"])["behaves"]]

    def begin(self, name: str) -> bool:
        """The bank takes its time over it from now on. False when it was confirmed before."""
        with self._writing():
            found = self._sql.execute(
                "UPDATE payments SET state = 'processing' WHERE id = ? AND state = 'requires_confirmation'", (name,)
            )
            return bool(found.rowcount)

    def confirm(self, name: str) -> Row:
        """The card decides. One that was decided before stays as it is."""
        with self._writing():
            payment, test = self.payment(name), self.behaviour(name)
            if payment["state"] in ("requires_confirmation", "processing"):
                self._decide(payment, test.then, test.code)
            return self.payment(name)

    def answer_bank(self, name: str, yes: bool) -> Row:
        """What the client says to their bank."""
        with self._writing():
            payment = self.payment(name)
            if payment["state"] == "needs_client":
                code = None if yes else "payment_intent_authentication_failure"
                self._decide(payment, "succeeded" if yes else "declined", code)
            return self.payment(name)

    def ask_client(self, name: str, return_url: str) -> Row:
        with self._writing():
            waits = "state IN ('requires_confirmation', 'declined', 'needs_client')"
            self._do(
                f"UPDATE payments SET state = 'needs_client', code = NULL, return_url = ? WHERE id = ? AND {waits}",
                return_url,
                name,
            )
            return self.payment(name)

    def cancel(self, name: str) -> Row:
        with self._writing():
            payment = self.payment(name)
            if payment["state"] in ("requires_confirmation", "needs_client", "declined"):
                self._decide(payment, "void", None)
            return self.payment(name)

    def _decide(self, payment: Row, state: str, code: str | None) -> None:
        captured = payment["amount"] if state == "succeeded" else 0
        self._update("payments", payment["id"], {"state": state, "code": code, "captured": captured})
        self._tell("charge", payment)
        if captured and self.behaviour(payment["id"]).disputed:
            self._plan(payment["id"], "dispute")

    # --- refunds and disputes

    def refund(self, name: str, amount: int, refund_id: str) -> Row:
        with self._writing():
            if known := self._known(refund_id):
                return self._get("refunds", known)
            payment = self.payment(name)
            gone = sum(refund["amount"] for refund in self.refunds_of(name) if refund["state"] != "failed")
            if amount <= 0 or gone + amount > payment["captured"]:
                raise Refused("refund_too_large")
            of = {"account": payment["account"], "payment": name, "refund_id": refund_id}
            refund = self._insert("refunds", "ref", **of, amount=amount, state="succeeded")
            self._keep(refund_id, refund["id"])
            self._tell("refund", refund)
            if self.behaviour(name).refund_fails:
                self._plan(refund["id"], "failure")
            return refund

    def refund_named(self, name: str) -> Row:
        return self._get("refunds", name)

    def refunds_of(self, payment: str) -> list[Row]:
        return self._sql.execute("SELECT * FROM refunds WHERE payment = ? ORDER BY id", (payment,)).fetchall()

    def dispute(self, name: str) -> Row:
        return self._get("disputes", name)

    def close_dispute(self, name: str, state: str) -> Row:
        if state not in ("won", "lost"):
            raise Refused("no_such_state")
        with self._writing():
            self._update("disputes", name, {"state": state})
            self._tell("dispute", self.dispute(name))
            return self.dispute(name)

    def carry_out_plans(self) -> None:
        """Lets what was to come later come, when it is time."""
        with self._writing():
            for plan in self._sql.execute(
                "DELETE FROM plans WHERE at <= ? RETURNING *", (clock.timestamp(),)
            ).fetchall():
                if plan["what"] == "failure":
                    self._update("refunds", plan["object"], {"state": "failed", "code": "lost_or_stolen_card"})
                    self._tell("refund", self.refund_named(plan["object"]))
                else:
                    self._open_dispute(self.payment(plan["object"]))

    def _open_dispute(self, payment: Row) -> None:
        of = {"account": payment["account"], "payment": payment["id"]}
        amount = {"amount": payment["amount"], "currency": payment["currency"]}
        self._tell("dispute", self._insert("disputes", "dis", **of, **amount, reason="fraudulent", state="open"))

    def _plan(self, name: str, what: str) -> None:
        self._do("INSERT INTO plans VALUES (?, ?, ?)", name, what, clock.timestamp() + self.later)

    # --- what is told to the installation

    def untold(self, limit: int = 100) -> list[Row]:
        """The events that are to be sent now, oldest first."""
        query = "SELECT * FROM events WHERE at <= ? ORDER BY at, id LIMIT ?"
        return self._sql.execute(query, (clock.timestamp(), limit)).fetchall()

    def told(self, event: str) -> None:
        with self._writing():
            self._do("DELETE FROM events WHERE id = ?", event)

    def tell_later(self, event: str, seconds: float) -> None:
        with self._writing():
            at = clock.timestamp() + seconds
            self._do("UPDATE events SET tries = tries + 1, at = ? WHERE id = ?", at, event)

    def _tell(self, kind: str, of: Row) -> None:
        values = (_name("evt"), of["account"], kind, of["id"], clock.timestamp())
        self._do("INSERT INTO events (id, account, kind, object, at) VALUES (?, ?, ?, ?, ?)", *values)

    # --- rows

    def _known(self, key: str) -> str | None:
        """What was made under this key."""
        found = self._sql.execute("SELECT object FROM keys WHERE key = ?", (key,)).fetchone()
        return found["object"] if found and self.honours_keys else None

    def _keep(self, key: str, name: str) -> None:
        self._do("INSERT OR REPLACE INTO keys VALUES (?, ?)", key, name)

    def _of(self, account: str, table: str, name: str) -> Row:
        row = self._get(table, name)
        if row["account"] != account:
            raise Refused("of_another_account")
        return row

    def _get(self, table: str, name: str) -> Row:
        if (row := demo.row(table, name)) is not None:
            self._write(table, row, "OR IGNORE")
        return self._one(f"SELECT * FROM {table} WHERE id = ?", name)

    def _one(self, query: str, *values: Any) -> Row:
        row: Row | None = self._sql.execute(query, values).fetchone()
        if row is None:
            raise Refused("no_such_thing")
        return row

    def _insert(self, table: str, prefix: str, **values: Any) -> Row:
        row = {"id": _name(prefix), **values}
        self._write(table, row)
        return self._get(table, row["id"])

    def _write(self, table: str, row: Row, how: str = "") -> None:
        places = ", ".join("?" * len(row))
        self._do(f"INSERT {how} INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())

    def _update(self, table: str, name: str, changes: Row) -> None:
        self._get(table, name)
        places = ", ".join(f"{column} = ?" for column in changes)
        self._do(f"UPDATE {table} SET {places} WHERE id = ?", *changes.values(), name)

    def _do(self, statement: str, *values: Any) -> None:
        self._sql.execute(statement, values)


def _name(prefix: str) -> str:
    return f"{prefix}_{new_id().hex}"


def _test_card(name: str) -> TestCard:
    if name not in CARDS:
        raise Refused("no_such_card")
    return CARDS[name]
