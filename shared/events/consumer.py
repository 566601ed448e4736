"""The consumer: takes what has arrived, runs the reactions in one transaction, acknowledges all of it at once.

When a batch fails it is rolled back and run one by one, and only what fails alone is parked (see `retries`). A
database or a broker that is away is no failure of an event: the consumer waits and repeats.

After an unclean end of a consumer, messages are taken one by one for a while, and each is parked before it runs. So
the one that kills the process uses up its attempts and ends as a dead letter, and no other has to be delivered again
because of it. (A broker gives up on what a dying consumer held too often.)
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared import clock
from shared.backoff import Backoff
from shared.db import Database, is_passing
from shared.events import inbox
from shared.events.envelope import Event, Undecodable, decode
from shared.events.lives import Lives
from shared.events.progress import Progress
from shared.events.reactions import Reactions
from shared.events.retries import Retries
from shared.events.tasks import Runner, Task
from shared.events.transport import Delivery, Transport, Unreachable

log = structlog.get_logger()

BATCH = 50
CAREFUL = 2 * BATCH
"""How many messages are taken one by one after an unclean end: more than the batch that was under way."""
WAIT_SECONDS = 0.5
HOUSEKEEPING_SECONDS = 600.0
TAKE_UP_SECONDS = 5.0
"""How often to look for what an older consumer, that still runs beside this one, had no reaction to."""
TROUBLE = (Unreachable, SQLAlchemyError, psycopg.Error, OSError)


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
        self.careful = 0
        self.turned = clock.monotonic()
        """When the loop last went round; one that has not for a minute hangs."""
        self._database = database
        self._transport = transport
        self._reactions = reactions
        self._runner = Runner(database, service, on_done, on_begin=self._turn)
        self._retries = Retries(database, self._runner, reactions, retry_delays, service=service)
        self._lives = Lives(database.url)
        self._log = log.bind(service=service, role="consumer")
        self._backoff = Backoff()
        self._batch = batch
        self._progress = Progress(database)
        self._newest = clock.now()
        self._tidied = float("-inf")
        self._taken_up = float("-inf")

    def run(self) -> None:
        """Consumes until `stop` is set. Outlives both the database and the broker being away."""
        while not self.stop.wait(self._backoff.seconds):
            self._turn()
            try:
                self.begin()
                while not self.stop.is_set():
                    self.step()
                    self._backoff.succeeded()
            except TROUBLE as error:
                if isinstance(error, DBAPIError) and not is_passing(error):
                    self._log.error("consumer_failed", exc_info=True)
                self._log.warning("consumer_interrupted", reason=str(error), again_in=self._backoff.failed())
                with suppress(Exception):
                    self._transport.close()
        self._transport.close()
        self._lives.end()

    def begin(self) -> None:
        """Looks whether a consumer before this one ended badly."""
        if self._lives.begin():
            self._log.warning("consumer_careful", messages=CAREFUL)
            self.careful = CAREFUL

    def step(self, wait: float = WAIT_SECONDS) -> int:
        """Takes and finishes one batch, then what is due again; answers how many messages and retries it worked on."""
        self._turn()
        self._retries.resume()
        self._take_up()
        limit, began = 1 if self.careful else self._batch, clock.now()
        deliveries = self._transport.take(self.service, limit, wait)
        if self.careful or any(delivery.given_up for delivery in deliveries):
            self._finish_carefully(deliveries)
        elif deliveries:
            self._finish(deliveries)
        self._progress.note(began if len(deliveries) < limit else self._newest)
        retried = 0
        while retried < BATCH and not self.stop.is_set() and self._retries.one_due():
            retried += 1
        self._tidy()
        return len(deliveries) + retried

    def _take_up(self) -> None:
        """What arrived for this release before it ran has its effects before what is in the queue now."""
        if clock.monotonic() - self._taken_up < TAKE_UP_SECONDS:
            return
        self._taken_up = clock.monotonic()
        while not self.stop.is_set() and self._retries.take_up():
            while not self.stop.is_set() and self._retries.one_due():
                self._turn()

    def _finish(self, deliveries: Sequence[Delivery]) -> None:
        """Each delivery has its effect, or is parked; what is settled is committed."""
        tasks = [task for delivery in deliveries for task in self._tasks(delivery)]
        tasks.sort(key=lambda task: (task.reaction.name, task.event.subject))
        if not self._run_together(tasks):
            for task in tasks:
                self._run_alone(task)
        self._transport.settle(deliveries)

    def _finish_carefully(self, deliveries: Sequence[Delivery]) -> None:
        """Parks and settles first, so that what ends the process is not delivered again, and nothing with it."""
        for delivery in deliveries:
            tasks = self._tasks(delivery)
            parked = self._retries.park_before(tasks, delivery.given_up)
            self._transport.settle([delivery])
            for failure, task in zip(parked, tasks, strict=True):
                self._retries.attempt(failure, task)
            self.careful = max(0, self.careful - 1)

    def _tasks(self, delivery: Delivery) -> list[Task]:
        """What a delivery asks for. What cannot be read is a dead letter, what no reaction knows awaits a release."""
        body = delivery.body.decode("utf-8", "replace")
        try:
            event = decode(delivery.body)
            if delivery.came_as not in (None, event.type):
                raise Undecodable(f"it came as {delivery.came_as}, and says that it is {event.type}")
        except Undecodable as error:
            self._retries.bury_unread(body, error)
            return []
        self._newest = event.time
        reactions = self._reactions.to(event.type)
        if not reactions:
            self._retries.await_release(event, body)
        return [Task(reaction, event, body) for reaction in reactions]

    def _run_together(self, tasks: Sequence[Task]) -> bool:
        """All in one transaction; False when one of them failed, and nothing happened."""
        try:
            if tasks:
                self._runner.run(tasks)
        except Exception as error:
            self._log.info("batch_failed", size=len(tasks), reason=type(error).__name__)
            return False
        return True

    def _run_alone(self, task: Task) -> None:
        try:
            self._runner.run([task])
        except Exception as error:
            if is_passing(error):
                raise
            self._retries.park(task, error)

    def _turn(self) -> None:
        self.turned = clock.monotonic()

    def _tidy(self) -> None:
        if clock.monotonic() - self._tidied < HOUSEKEEPING_SECONDS:
            return
        self._tidied = clock.monotonic()
        inbox.forget_old(self._database)
