"""The consumer: takes what has arrived, runs the reactions in one transaction, acknowledges all of it at once.

When a batch fails it is rolled back and run one by one, and only what fails alone is parked (see `failures`). A
database or a broker that is away is no failure of an event: the consumer waits and repeats.

After an unclean end of a consumer, every message is parked before it runs, until a batch has passed; so the one that
kills the process is found, and no other message has to be delivered again because of it.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import clock
from shared.actor import Context, acting
from shared.db import Database, is_passing
from shared.errors import Reject
from shared.events import failures, inbox
from shared.events.envelope import Event, Undecodable, decode
from shared.events.failures import Failure
from shared.events.lives import Lives
from shared.events.progress import Progress
from shared.events.reactions import Reaction, Reactions
from shared.events.transport import Delivery, Transport, Unreachable
from shared.ids import new_id

log = structlog.get_logger()

BATCH = 50
WAIT_SECONDS = 0.5
HOUSEKEEPING_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Task:
    """One reaction to one event."""

    reaction: Reaction
    event: Event
    body: str

    @property
    def note(self) -> inbox.Note:
        return self.reaction.name, self.event.id


class Consumer:
    def __init__(
        self,
        database: Database,
        transport: Transport,
        reactions: Reactions,
        *,
        service: str,
        retry_delays: Sequence[float],
        on_done: Callable[[Event], None] = lambda event: None,
        batch: int = BATCH,
    ) -> None:
        self.service = service
        self.stop = threading.Event()
        self.careful = False
        self._database = database
        self._transport = transport
        self._reactions = reactions
        self._delays = tuple(retry_delays)
        self._lives = Lives(database.url)
        self._log = log.bind(service=service, role="consumer")
        self._on_done = on_done
        self._batch = batch
        self._tidied = float("-inf")
        self._progress = Progress(database)
        self._newest = clock.now()
        self.turned = clock.monotonic()
        """When the loop last went round; one that has not for a minute hangs."""

    def run(self) -> None:
        """Consumes until `stop` is set. Outlives both the database and the broker being away."""
        wait = 0.0
        while not self.stop.wait(wait):
            self.turned = clock.monotonic()
            try:
                self.careful = self._lives.begin() or self.careful
                while not self.stop.is_set():
                    self.step()
                    wait = 0.0
            except (Unreachable, DBAPIError, OSError) as error:
                if isinstance(error, DBAPIError) and not is_passing(error):
                    self._log.error("consumer_failed", exc_info=True)
                wait = min(max(0.1, wait * 2), 5.0)
                self._log.warning("consumer_interrupted", reason=str(error), again_in=wait)
                with suppress(Exception):
                    self._transport.close()
        self._transport.close()
        self._lives.end()

    def step(self, wait: float = WAIT_SECONDS) -> int:
        """Takes and finishes one batch, then what is due again; answers how many messages and retries it worked on."""
        self.turned, began = clock.monotonic(), clock.now()
        limit = 1 if self.careful else self._batch
        deliveries = self._transport.take(self.service, limit, wait)
        if deliveries:
            finish = self._finish_carefully if self.careful else self._finish
            finish(deliveries)
            self.careful = False
        self._progress.note(began if len(deliveries) < limit else self._newest)
        retried = 0
        while retried < BATCH and not self.stop.is_set() and self._retry_one():
            retried += 1
        self._tidy()
        return len(deliveries) + retried

    def _finish(self, deliveries: Sequence[Delivery]) -> None:
        """Each delivery has its effect, or is parked; what is settled is committed."""
        tasks = [task for delivery in deliveries for task in self._tasks(delivery)]
        tasks.sort(key=lambda task: (task.reaction.name, task.event.subject))
        if not self._run_together(tasks):
            for task in tasks:
                self._run_alone(task)
        self._transport.settle(deliveries)

    def _finish_carefully(self, deliveries: Sequence[Delivery]) -> None:
        """Parks and settles first, so that what kills the process uses up its attempts and is not delivered again."""
        tasks = [task for delivery in deliveries for task in self._tasks(delivery)]
        parked = [self._park(task, attempts=1, reason=failures.NO_END, dead=False) for task in tasks]
        self._transport.settle(deliveries)
        for failure, task in zip(parked, tasks, strict=True):
            self._attempt(failure, task)

    def _tasks(self, delivery: Delivery) -> list[Task]:
        """What a delivery asks for; what cannot be read, or was given up on, becomes a dead letter here."""
        body = delivery.body.decode("utf-8", "replace")
        try:
            event = decode(delivery.body)
        except Undecodable as error:
            self._bury_unreadable(body, str(error))
            return []
        if delivery.came_as not in (None, event.type):
            self._bury_unreadable(body, f"it came as {delivery.came_as}, and says that it is {event.type}")
            return []
        self._newest = event.time
        tasks = [Task(reaction, event, body) for reaction in self._reactions.to(event.type)]
        if delivery.given_up:
            for task in tasks:
                self._park(task, attempts=0, reason=delivery.given_up, dead=True)
            return []
        return tasks

    def _run_together(self, tasks: Sequence[Task]) -> bool:
        """All in one transaction; False when one of them failed, and nothing happened."""
        if not tasks:
            return True
        try:
            with self._database.transaction() as session:
                fresh = inbox.once(session, [task.note for task in tasks])
                for task in tasks:
                    if task.note in fresh:
                        fresh.discard(task.note)
                        self._run(session, task)
        except Exception as error:
            if is_passing(error) and len(tasks) == 1:
                raise
            self._log.info("batch_failed", size=len(tasks), reason=repr(error))
            return False
        for task in tasks:
            self._on_done(task.event)
        return True

    def _run_alone(self, task: Task) -> None:
        try:
            self._run_once(task)
        except Exception as error:
            if is_passing(error):
                raise
            self._park(task, attempts=1, reason=_explained(error), dead=isinstance(error, Reject))

    def _run_once(self, task: Task) -> None:
        with self._database.transaction() as session:
            if inbox.once(session, [task.note]):
                self._run(session, task)
        self._on_done(task.event)

    def _run(self, session: Session, task: Task) -> None:
        self.turned = clock.monotonic()
        event = task.event
        context = Context(
            actor=f"service:{self.service}",
            channel="event",
            on_behalf_of=event.on_behalf_of or event.actor,
            correlation_id=event.correlation_id,
            causation_id=str(event.id),
            traceparent=event.traceparent,
        )
        with acting(context):
            task.reaction.run(session, event)

    def _retry_one(self) -> bool:
        with self._database.transaction() as session:
            failure = failures.claim(session, self._delays)
        if failure is None:
            return False
        reaction = self._reactions.named(failure.reaction)
        if reaction is None:
            self._explain(failure, "no such reaction any more", dead=True)
        else:
            self._attempt(failure, Task(reaction, decode(failure.body), failure.body))
        return True

    def _attempt(self, failure: Failure, task: Task) -> None:
        """Runs what is parked, with the removal of its row in the same transaction."""
        try:
            with self._database.transaction() as session:
                failures.settle(session, failure.id)
                if inbox.once(session, [task.note]):
                    self._run(session, task)
            self._on_done(task.event)
        except Exception as error:
            if is_passing(error):
                raise
            self._explain(failure, _explained(error), dead=isinstance(error, Reject))

    def _park(self, task: Task, *, attempts: int, reason: str, dead: bool) -> Failure:
        due_at = None if dead else failures.due_in(self._delays, attempts)
        failure = Failure(
            id=new_id(),
            reaction=task.reaction.name,
            event_id=task.event.id,
            type=task.event.type,
            body=task.body,
            attempts=attempts,
            dead=due_at is None,
            reason=reason,
            failed_at=clock.now(),
        )
        with self._database.transaction() as session:
            kept = failures.park(session, failure, due_at)
        self._log.warning("reaction_failed", **_about(failure))
        return kept

    def _explain(self, failure: Failure, reason: str, *, dead: bool) -> None:
        with self._database.transaction() as session:
            failures.explain(session, failure.id, reason, dead=dead)
        self._log.warning("reaction_failed", **{**_about(failure), "reason": reason, "dead": dead or failure.dead})

    def _bury_unreadable(self, body: str, reason: str) -> None:
        failure = Failure(new_id(), "-", new_id(), "-", body.replace("\0", "�"), 0, True, reason, clock.now())
        with self._database.transaction() as session:
            failures.park(session, failure, None)
        self._log.error("message_unreadable", failure=str(failure.id), reason=reason)

    def _tidy(self) -> None:
        if clock.monotonic() - self._tidied < HOUSEKEEPING_SECONDS:
            return
        self._tidied = clock.monotonic()
        with self._database.transaction() as session:
            inbox.forget_old(session)


def _explained(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _about(failure: Failure) -> dict[str, object]:
    """What a log may say: ids and reasons, never a body."""
    return {
        "failure": str(failure.id),
        "reaction": failure.reaction,
        "event_id": str(failure.event_id),
        "type": failure.type,
        "attempts": failure.attempts,
        "dead": failure.dead,
        "reason": failure.reason,
    }
