"""What becomes of a task that failed: parked as a row, tried again when it is due, at the end a dead letter."""

from collections.abc import Sequence
from functools import partial
from uuid import NAMESPACE_OID, uuid5

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database, is_passing
from shared.errors import Reject
from shared.events import failures
from shared.events.envelope import Event, Undecodable, decode
from shared.events.failures import UNREAD, Failure
from shared.events.reactions import Reactions
from shared.events.tasks import Runner, Task
from shared.ids import new_id

log = structlog.get_logger()

TAKE_UP = 50
LONGEST_TYPE = 255
"""What AMQP allows."""


class Retries:
    def __init__(
        self, database: Database, runner: Runner, reactions: Reactions, delays: Sequence[float], *, service: str
    ) -> None:
        self._database = database
        self._runner = runner
        self._reactions = reactions
        self._delays = tuple(delays)
        self._log = log.bind(service=service, role="consumer")
        self._unfinished: tuple[Failure, Task] | None = None

    def park(self, task: Task, error: BaseException) -> None:
        """Keeps a task whose first attempt failed."""
        with self._database.transaction() as session:
            kept = self._keep(session, task, 1, _explained(error), dead=isinstance(error, Reject))
        self._log.warning("reaction_failed", correlation_id=task.event.correlation_id, **_about(kept))

    def park_before(self, tasks: Sequence[Task], given_up: str | None) -> list[Failure]:
        """Keeps tasks that are about to be tried, so that one that ends the process has used up an attempt."""
        with self._database.transaction() as session:
            return [self._keep(session, task, 1, given_up or failures.NO_END, dead=False) for task in tasks]

    def _keep(self, session: Session, task: Task, attempts: int, reason: str, *, dead: bool) -> Failure:
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
        return failures.park(session, failure, due_at)

    def bury_unread(self, body: str, error: Undecodable) -> None:
        """Keeps for a person what is no event. The same body delivered again is the same dead letter."""
        body = _storable(body)
        failure = Failure(
            new_id(), UNREAD, uuid5(NAMESPACE_OID, body), UNREAD, body, 0, True, _explained(error), clock.now()
        )
        with self._database.transaction() as session:
            kept = failures.park(session, failure, None)
        self._log.error("message_unreadable", failure=str(kept.id), reason=kept.reason)

    def await_release(self, event: Event, body: str) -> None:
        """Keeps what this release has no reaction to: as a rule its queue is bound to it for the release to come."""
        type_ = _storable(event.type)[:LONGEST_TYPE]
        reason = "no reaction of this release knows its type"
        failure = Failure(
            new_id(), failures.awaiting(type_), event.id, type_, _storable(body), 0, False, reason, clock.now()
        )
        with self._database.transaction() as session:
            failures.park(session, failure, clock.now() + failures.AWAITED)
        self._log.info("event_awaits_release", event_id=str(event.id), type=type_, correlation_id=event.correlation_id)

    def take_up(self) -> int:
        """Makes due what an earlier release had no reaction to and this one has; answers how many events it was, not
        more than a batch."""
        with self._database.transaction() as session:
            awaited = failures.awaited(session, self._reactions.types(), TAKE_UP)
            for failure in awaited:
                self._hand_out(session, failure)
        if awaited:
            self._log.info("events_taken_up", count=len(awaited))
        return len(awaited)

    def _hand_out(self, session: Session, failure: Failure) -> None:
        """Makes of what could not be read a task, due at once, for each reaction to it; nothing when there is none."""
        try:
            event = decode(failure.body)
        except Undecodable as error:
            failures.explain(session, failure.id, _explained(error), dead=True)
            return
        failures.settle(session, failure.id)
        reactions = self._reactions.to(event.type)
        for reaction in reactions:
            self._keep(session, Task(reaction, event, failure.body), 0, failure.reason, dead=False)
        if not reactions:
            self._log.warning("event_dropped", **{**_about(failure), "reason": "no release has read it"})

    def resume(self) -> None:
        """Ends the attempt that a lost database interrupted: it was counted, and is not counted again."""
        if self._unfinished:
            self.attempt(*self._unfinished)

    def attempt(self, failure: Failure, task: Task) -> None:
        """Runs what is parked, with the removal of its row in the same transaction."""
        self._unfinished = (failure, task)
        try:
            self._runner.run([task], also=partial(failures.settle, failure_id=failure.id))
        except Exception as error:
            if is_passing(error):
                raise
            self._explain(failure, _explained(error), dead=isinstance(error, Reject))
        self._unfinished = None

    def one_due(self) -> bool:
        """Attempts one that is due; False when none is, as nearly always."""
        with self._database.reading() as connection:
            if not failures.any_due(connection):
                return False
        with self._database.transaction() as session:
            failure = failures.claim(session, self._delays, [(UNREAD, UNREAD), *self._reactions.pairs()])
        if failure is None:
            return False
        if failure.reaction.startswith(UNREAD):
            # Somebody replayed it, and by now it may be an event; or it awaited a release for too long.
            with self._database.transaction() as session:
                self._hand_out(session, failure)
        elif reaction := self._reactions.named(failure.reaction):
            self.attempt(failure, Task(reaction, decode(failure.body), failure.body))
        else:
            self._explain(failure, "no such reaction any more", dead=True)
        return True

    def _explain(self, failure: Failure, reason: str, *, dead: bool) -> None:
        with self._database.transaction() as session:
            failures.explain(session, failure.id, reason, dead=dead)
        self._log.warning("reaction_failed", **{**_about(failure), "reason": reason, "dead": dead or failure.dead})


def _explained(error: BaseException) -> str:
    """A line for whoever reads the dead letters. Of a database's error only its first line: the rest quotes rows."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        diagnosis = getattr(error.orig, "diag", None)
        words = getattr(diagnosis, "message_primary", None) or error.orig
        return _storable(f"{type(error.orig).__name__}: {words}")[:500]
    return _storable(f"{type(error).__name__}: {error}")[:500]


def _storable(words: str) -> str:
    """What PostgreSQL can keep as text: no NUL, no half of a surrogate pair."""
    return words.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


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
