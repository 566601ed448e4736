"""The roles of a service that are not HTTP: `relay`, `consumer`, `worker` and `migrate`.

A role is a loop with a `stop`: alone in a process on Kubernetes, or all of them in one process of the demo.
"""

import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from shared import clock, kept_answers, loaded, telemetry
from shared.card import Card
from shared.config import Config
from shared.contracts import contract
from shared.db import Database, plain
from shared.events.bindings import bind
from shared.events.consumer import Consumer
from shared.events.envelope import Event
from shared.events.reactions import Reactions
from shared.events.relay import Relay
from shared.events.transport import connect

log = structlog.get_logger()


class Loop(Protocol):
    stop: threading.Event

    @property
    def turned(self) -> float:
        """When it last went round, by `clock.monotonic`: every second or so, and at least once in 30 seconds."""
        ...

    def run(self) -> None: ...


@dataclass(frozen=True)
class Duty:
    """What a worker does again and again. Safe to run in any number of workers at once: the rows decide."""

    name: str
    every: float
    """Seconds from the end of one run to the next; a run that says it did something is followed at once by another."""
    # A run takes one piece of the work, in less than 30 seconds: a worker that is longer at it counts as hung.
    run: Callable[[Database], bool]
    waits: bool = False
    """It waits for its work by itself, or for peers that may be slow: it has a thread of its own."""


@dataclass
class Worker:
    """Runs the duties of a service's rooms, each when it is due. A duty that fails is tried again at its next time."""

    service: str
    database: Database
    duties: list[Duty]
    stop: threading.Event = field(default_factory=threading.Event)
    _turns: dict[str, float] = field(default_factory=dict)

    @property
    def turned(self) -> float:
        """When the slowest of its threads last went round."""
        return min(self._turns.values(), default=clock.monotonic())

    def run(self) -> None:
        alone = [threading.Thread(target=self._run_alone, args=(d,), daemon=True) for d in self.duties if d.waits]
        for thread in alone:
            thread.start()
        in_turn = [duty for duty in self.duties if not duty.waits]
        due = {duty.name: 0.0 for duty in in_turn}
        while not self.stop.wait(0.2 if due else 1.0):
            for duty in in_turn:
                self._turns[""] = clock.monotonic()
                if clock.monotonic() >= due[duty.name]:
                    busy = self._do(duty)
                    due[duty.name] = clock.monotonic() + (0.0 if busy else duty.every)
        for thread in alone:
            thread.join(10)

    def _run_alone(self, duty: Duty) -> None:
        busy = True
        while not self.stop.wait(0.0 if busy else duty.every):
            self._turns[duty.name] = clock.monotonic()
            busy = self._do(duty)

    def _do(self, duty: Duty) -> bool:
        try:
            return duty.run(self.database)
        except Exception:
            log.exception("duty_failed", service=self.service, duty=duty.name)
            return False


def reactions_of(card: Card) -> Reactions:
    """Everything that a service reacts to, its rooms' and what every service does."""
    from shared.auth import sessions

    rooms = (module.reactions for module in card.modules("reactions"))
    return Reactions().include([sessions.reactions, *rooms])


def migrate(card: Card, config: Config) -> None:
    """Brings the database up to date and declares the queue, so that the first events find it there."""
    from shared.migrations.run import upgrade  # Alembic is a tenth of a start, and no other role needs it

    upgrade(config)
    with closing(Database(config)) as database, closing(connect(config)) as transport:
        bind(database, transport, card.name, reactions_of(card).types())


def relay(card: Card, config: Config) -> Relay:
    published = telemetry.PUBLISHED.labels(card.name)
    return Relay(plain(config.database_url), connect(config), service=card.name, on_published=published.inc)


def consumer(card: Card, config: Config) -> Consumer:
    reactions = reactions_of(card)
    for old in (known for type_ in reactions.types() if (known := contract(type_)) and known.deprecated):
        log.warning("contract_deprecated", service=card.name, type=old.type, ends=str(old.deprecated))

    def done(event: Event) -> None:
        telemetry.HANDLED.labels(card.name, event.type).inc()
        telemetry.LAG.labels(card.name).observe(max(0.0, (clock.now() - event.time).total_seconds()))

    return Consumer(
        Database(config),
        connect(config),
        reactions,
        service=card.name,
        retry_delays=config.retry_delays,
        on_done=done,
    )


EVERYWHERE = (Duty("kept_answers.forget_old", 600.0, kept_answers.forget_old),)
"""What every service's worker does."""


def duties_of(card: Card) -> list[Duty]:
    """What the worker of a service does; one that has none needs no worker."""
    return [*EVERYWHERE, *(duty for module in card.modules("work") for duty in module.DUTIES)]


def worker(card: Card, config: Config) -> Worker:
    return Worker(card.name, Database(config), duties_of(card))


LOOPS: dict[str, Callable[[Card, Config], Loop]] = {"relay": relay, "consumer": consumer, "worker": worker}


def run_together(loops: Iterable[Loop]) -> None:
    """Runs loops side by side until a signal, or until one ends by an error: then all stop, and it is raised."""
    loops = list(loops)
    loaded.keep()
    failed: list[BaseException] = []
    over = threading.Event()

    def run(loop: Loop) -> None:
        try:
            loop.run()
        except BaseException as error:
            log.exception("role_failed")
            failed.append(error)
            over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    threads = [threading.Thread(target=run, args=(loop,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    over.wait()
    for loop in loops:
        loop.stop.set()
    for thread in threads:
        thread.join(10)
    if failed:
        raise failed[0]
