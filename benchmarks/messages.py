"""Sending by SMTP against smtplib that does the same by hand, and the way from an event to the mail server.

Both send to the same sink, a process of its own that takes everything. Ours asks, writes, sends and keeps each outcome
with its event; the bare way builds the same message, sends it over one connection and commits one row each.
"""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import psycopg

from benchmarks.report import Line, at_least, at_most
from services.notifications.catalogue.types import TYPES
from services.notifications.contact_points.reactions import points_of, replace
from services.notifications.copies.models import Branch, Client
from services.notifications.delivery.sending import Sender
from services.notifications.messages.actions import queue
from services.notifications.providers.email.mime import as_bytes
from services.notifications.providers.email.smtp import Smtp
from services.notifications.providers.port import Outgoing
from shared import clock, telemetry
from shared.actor import Context, acting
from shared.card import card
from shared.config import load
from shared.contracts.memberships import PAYMENT_FAILED, PAYMENT_SUCCEEDED
from shared.db import Database
from shared.events.outbox import emit
from shared.ids import new_id
from shared.ports import free_port
from shared.roles import migrate
from shared.testing.processes import Role

ROUNDS = 5
MAILS = 600
EVENTS, A_SECOND = 500, 50
WARM_UP = 50
BRANCH, CLIENT = new_id(), new_id()
WORDS = Context(actor="service:memberships", channel="api")

SINK = """
import asyncio, os, sys, time

async def serve(reader, writer):
    writer.write(b"220 sink\\r\\n")
    mail = b""
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\\r\\n")
            mail = await reader.readuntil(b"\\r\\n.\\r\\n")
            subject = next((each for each in mail.split(b"\\r\\n") if each.startswith(b"Subject:")), b"")
            print(time.time(), subject.decode(), flush=True)
            writer.write(b"250 taken\\r\\n")
        elif verb == b"EHLO":
            writer.write(b"250-sink\\r\\n250 8BITMIME\\r\\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\\r\\n")
            return writer.close()
        else:
            writer.write(b"250 ok\\r\\n")
        await writer.drain()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), limit=1 << 22)
    await server.serve_forever()

asyncio.run(main())
"""


class Sink:
    """Takes every mail, and says when each came."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._log = folder / "sink.log"
        self._process: subprocess.Popen[bytes]

    @contextmanager
    def running(self) -> Iterator["Sink"]:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([sys.executable, "-c", SINK, str(self.port)], stdout=log)
        try:
            self._until(self._answers)
            yield self
        finally:
            self._process.terminate()
            self._process.wait()

    def came(self) -> dict[str, float]:
        """By subject."""
        lines = [line.split(" Subject: ") for line in self._log.read_text().splitlines() if " Subject: " in line]
        return {subject: float(at) for at, subject in lines}

    def _answers(self) -> bool:
        try:
            smtplib.SMTP("127.0.0.1", self.port, timeout=2).quit()
            return True
        except OSError:
            return False

    @staticmethod
    def _until(check: Any) -> None:
        while not check():
            Event().wait(0.05)


def run(folder: Path, env: dict[str, str]) -> list[Line]:
    """In a process of its own, patched as a worker is. `env` is that of a service, with databases that are empty."""
    patched = "from gevent import monkey; monkey.patch_all(); from benchmarks.messages import main; main()"
    command = [sys.executable, "-c", patched, str(folder)]
    told = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout
    return [Line(**line) for line in orjson.loads(told.splitlines()[-1])]


def main() -> None:
    telemetry.configure_logs("warning")
    folder = Path(sys.argv[1])
    for name in ("suppression-key", "unsubscribe-key"):
        (Path(os.environ["FOYER_SECRETS"]) / name).write_text("0" * 64)
    with Sink(folder).running() as sink:
        more = {"FOYER_EMAIL_PROVIDER": "smtp", "FOYER_SMTP_PORT": str(sink.port), "FOYER_EMAIL_RATE": "1000000"}
        settings = dict(os.environ) | more | {"FOYER_LOG_LEVEL": "warning"}
        lines = [*_sending(settings, sink), *_on_the_way(settings, folder, sink)]
    sys.stdout.write("\n" + orjson.dumps([asdict(line) for line in lines]).decode())


def _sending(settings: dict[str, str], sink: Sink) -> list[Line]:
    config = load("notifications", settings)
    migrate(card("notifications"), config)
    database = Database(config)
    _furnish(database)
    ours, bare = [], []
    for _ in range(ROUNDS):
        _write(database, MAILS)
        provider = Smtp(config)
        began = time.perf_counter()
        assert Sender(database, provider).drain() == MAILS
        ours.append(MAILS / (time.perf_counter() - began))
        provider.close()
        bare.append(_bare(database, sink))
    database.close()
    return [at_least("messages: sending by SMTP, one worker", ours, bare, 0.60)]


def _furnish(database: Database) -> None:
    where = {"name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "language": "es", "active": True}
    with database.transaction() as session:
        session.add(Branch(id=BRANCH, version=1, **where))
        profile = {"first_name": "María", "phones": [], "emails": [{"address": "maria@example.com", "primary": True}]}
        held = {"language": "es", "preferred_branch_id": BRANCH, "archived": False, "profile": profile}
        session.add(Client(id=CLIENT, version=1, name="María López", **held))
        replace(session, CLIENT, points_of(CLIENT, profile))


def _write(database: Database, count: int) -> None:
    with acting(WORDS), database.transaction() as session:
        client = session.get_one(Client, CLIENT)
        for _ in range(count):
            data = {**PAYMENT_FAILED.example, "id": str(new_id()), "payer_id": str(CLIENT), "branch_id": str(BRANCH)}
            kind = TYPES["payment_failed"]
            now = clock.now()
            queue(session, kind, client, channels=["email"], data=data, happened_at=now, branch_id=BRANCH)


def _bare(database: Database, sink: Sink) -> float:
    """The last of ours, sent again by hand: the same bytes are built, and one row is committed for each."""
    with psycopg.connect(database.url) as session:
        session.execute("CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, at timestamptz NOT NULL)")
        found = session.execute("SELECT subject, body, html FROM messages WHERE html IS NOT NULL LIMIT 1").fetchone()
        session.commit()
        assert found
        connection = smtplib.SMTP("127.0.0.1", sink.port)
        began = time.perf_counter()
        for _ in range(MAILS):
            made = Outgoing(new_id(), "payment_failed", "maria@example.com", found[0], found[1], found[2])
            connection.sendmail("no-reply@foyer.example", ["maria@example.com"], as_bytes(made, SENDER, None))
            session.execute("INSERT INTO bare VALUES (%s, now())", (made.id,))
            session.commit()
        spent = time.perf_counter() - began
        connection.quit()
    return MAILS / spent


SENDER = "Foyer <no-reply@foyer.example>"


def _on_the_way(settings: dict[str, str], folder: Path, sink: Sink) -> list[Line]:
    """Events are committed in memberships; its relay, our consumer and our worker are processes of their own."""
    memberships = load("memberships", settings)
    migrate(card("memberships"), memberships)
    roles = [
        Role(service, role, settings, folder / f"{service}-{role}.log")
        for service, role in (("memberships", "relay"), ("notifications", "consumer"), ("notifications", "worker"))
    ]
    for role in roles:
        role.start()
    database = Database(memberships)
    try:
        sent = _receipts(database)
        deadline = time.time() + 60
        while len(sent.keys() & sink.came().keys()) < len(sent) and time.time() < deadline:
            Event().wait(0.2)
    finally:
        for role in roles:
            role.kill()
        database.close()
    came = sink.came()
    waits = sorted((came[subject] - at) * 1000 for subject, at in list(sent.items())[WARM_UP:] if subject in came)
    assert len(waits) == EVENTS, "some never came"
    return [
        at_most("messages: event committed to handed to SMTP, 50/s, p50", waits[len(waits) // 2], 50),
        at_most("messages: event committed to handed to SMTP, 50/s, p99", waits[int(len(waits) * 0.99)], 250),
    ]


def _receipts(database: Database) -> dict[str, float]:
    """Subject to the moment of the commit."""
    sent: dict[str, float] = {}
    began = time.time()
    for number in range(EVENTS + WARM_UP):
        Event().wait(max(0.0, began + number / A_SECOND - time.time()))
        payment_id, invoice = new_id(), f"B-{number:06}"
        data = {**PAYMENT_SUCCEEDED.example, "id": str(payment_id), "payer_id": str(CLIENT), "client_id": str(CLIENT)}
        with acting(WORDS), database.transaction() as session:
            values: dict[str, Any] = data | {"branch_id": str(BRANCH), "invoice_number": invoice}
            emit(session, PAYMENT_SUCCEEDED, subject=payment_id, version=1, data=values)
        sent[f"Recibo {invoice}"] = time.time()
    return sent
