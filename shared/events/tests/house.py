"""A service that says and one that hears, with a bus between them. They share a database, which neither notices."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from shared.child_process import start_child
from shared.config import load
from shared.contracts.contract import Contract
from shared.contracts.directory import BRANCH_CHANGED
from shared.db import Database
from shared.events.bindings import bind
from shared.events.consumer import Consumer
from shared.events.outbox import emit
from shared.events.relay import Relay
from shared.events.tests import salon
from shared.ids import new_id
from shared.roles import Loop
from shared.testing.buses import Bus

ROOT = Path(__file__).parents[3]
DELAYS = "0.05,0.1,0.2"


class House:
    """`directory` says, `salon` hears. Closed at the end of the test."""

    def __init__(self, bus: Bus, url: str, folder: Path) -> None:
        self.bus = bus
        self.folder = folder
        self.retry_delays = DELAYS
        self._open = ExitStack()
        self.url = url
        self.database = Database(load("salon", self.environment()))
        self._open.callback(self.database.close)

    def environment(self) -> dict[str, str]:
        return {
            "FOYER_DATABASE_URL": self.url,
            "FOYER_RETRY_DELAYS": self.retry_delays,
            "FOYER_POOL_SIZE": "5",
            **self.bus.environment(),
        }

    def declare(self, types: Sequence[str] = salon.TYPES) -> None:
        """What the salon's `migrate` does."""
        with closing(self.bus.connect("salon")) as transport:
            bind(self.database, transport, "salon", types)

    def say(
        self,
        name: str = "Centro",
        *,
        subject: UUID | None = None,
        version: int = 1,
        contract: Contract = BRANCH_CHANGED,
        queue: str | None = None,
    ) -> UUID:
        """One event, committed to the outbox; answers its id."""
        with self.database.transaction() as session:
            data = {**contract.example, "name": name}
            return emit(session, contract, subject=subject or new_id(), version=version, data=data, queue=queue)

    def relay(self, **options: Any) -> Relay:
        relay = Relay(self.url, self.bus.connect("directory"), service="directory", **options)
        self._open.callback(relay._transport.close)
        return relay

    def consumer(self, without: Contract | None = None) -> Consumer:
        """With all reactions of the salon; `without` those to one type, as a release that does not know it yet."""
        consumer = salon.consumer(load("salon", self.environment()), without)
        self._open.callback(consumer._database.close)
        self._open.callback(consumer._transport.close)
        return consumer

    def carry(self) -> int:
        """Publishes what is in the outbox, once; answers how many events it was."""
        with psycopg.connect(self.url, autocommit=True) as session:
            return self.relay().drain(session)

    def work(self, consumer: Consumer | None = None) -> None:
        """Consumes until nothing is left, retries that are not due yet included."""
        working = consumer or self.consumer()
        for _ in range(300):
            if not working.step(wait=0.2) and not self.ask(
                "SELECT 1 FROM failures WHERE NOT dead AND reaction NOT LIKE '-_%%'"
            ):
                break
        else:
            raise AssertionError("it never comes to rest")
        if working is not consumer:
            working._transport.close()  # or it would hold what the next one waits for

    def bodies(self) -> list[bytes]:
        """Of the events in the outbox, oldest first."""
        with psycopg.connect(self.url) as session:
            return [body.encode() for (body,) in session.execute("SELECT body FROM outbox ORDER BY position")]

    def last_body(self) -> bytes:
        return self.bodies()[-1]

    def is_running(self, statement: str) -> bool:
        """Whether the salon's database is busy with a statement that begins so."""
        question = "SELECT 1 FROM pg_stat_activity WHERE starts_with(query, %s) AND state = 'active' AND datname = %s"
        return bool(self.ask(question, statement, self.database.engine.url.database))

    def process(self, role: str) -> subprocess.Popen[bytes]:
        """A real process with a role: of the directory for the relay, of the salon for the consumer."""
        service = "directory" if role == "relay" else "salon"
        process = start_child(
            [sys.executable, "-m", "shared.events.tests.program", role, service],
            log=self.folder / f"{role}.log",
            env={"PATH": "/usr/bin:/bin", **self.environment()},
            cwd=ROOT,
        )
        self._open.callback(process.wait)
        self._open.callback(process.kill)
        return process

    @contextmanager
    def kept_running(self, role: str) -> Iterator[list[subprocess.Popen[bytes]]]:
        """A process with a role, and another one whenever it ends, as on Kubernetes; yields all that there were."""
        processes = [self.process(role)]
        over = threading.Event()

        def keep() -> None:
            while not over.wait(0.05):
                if processes[-1].poll() is not None:
                    processes.append(self.process(role))

        keeper = threading.Thread(target=keep)
        keeper.start()
        try:
            yield processes
        finally:
            over.set()
            keeper.join()

    @contextmanager
    def running(self, *loops: Loop) -> Iterator[None]:
        """Runs loops beside the test, and ends them with the block."""
        threads = [threading.Thread(target=loop.run, daemon=True) for loop in loops]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for loop in loops:
                loop.stop.set()
            for thread in threads:
                thread.join(20)
                assert not thread.is_alive(), "it does not stop"

    def effects(self, reaction: str = "obey") -> list[tuple[UUID, int]]:
        """(subject, version) of every effect, in the order in which they happened."""
        return self.ask("SELECT subject, version FROM effects WHERE reaction = %s ORDER BY position", reaction)

    def done(self, reaction: str = "obey") -> list[UUID]:
        """The ids of the events that had an effect, as often as they had it."""
        rows = self.ask("SELECT event_id FROM effects WHERE reaction = %s ORDER BY position", reaction)
        return [row[0] for row in rows]

    def awaiting(self) -> list[UUID]:
        """The ids of the events that wait for a release that reacts to them, oldest first."""
        rows = self.ask("SELECT event_id FROM failures WHERE NOT dead AND reaction LIKE '-_%%' ORDER BY id")
        return [row[0] for row in rows]

    def failures(self) -> list[tuple[Any, ...]]:
        """(reaction, event id, attempts, dead, reason) of what is parked."""
        return self.ask("SELECT reaction, event_id, attempts, dead, reason FROM failures ORDER BY id")

    def unpublished(self) -> int:
        with psycopg.connect(self.url) as session:
            row = session.execute("SELECT count(*) FROM outbox").fetchone()
        assert row
        return int(row[0])

    def breaks(self, name: str) -> None:
        self._do("INSERT INTO broken VALUES (%s)", name)

    def mends(self, name: str) -> None:
        self._do("DELETE FROM broken WHERE name = %s", name)

    def ask(self, question: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the salon's database answers."""
        with psycopg.connect(self.url) as session:
            return session.execute(question, parameters).fetchall()

    def _do(self, statement: str, *parameters: object) -> None:
        with psycopg.connect(self.url) as session:
            session.execute(statement, parameters)

    def at_the_end(self, do: Callable[[], object]) -> None:
        """What the test asks for first is done last."""
        self._open.callback(do)

    def close(self) -> None:
        self._open.close()
        for log in self.folder.glob("*.log"):
            print(f"{log.name}:\n{log.read_text()}")  # pytest shows it with a failure
