"""One reaction to one event, and how it is run: in a transaction with the inbox's note that it ran."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shared.actor import Context, acting
from shared.db import Database
from shared.events import inbox
from shared.events.envelope import Event
from shared.events.reactions import Reaction


@dataclass(frozen=True, slots=True)
class Task:
    reaction: Reaction
    event: Event
    body: str

    @property
    def note(self) -> inbox.Note:
        return self.reaction.name, self.event.id


class Runner:
    """Runs the tasks of one service."""

    def __init__(
        self, database: Database, service: str, on_done: Callable[[Event], None], on_begin: Callable[[], None]
    ) -> None:
        """`on_begin` is called before each task, `on_done` once its effect is committed."""
        self._database = database
        self._on_begin = on_begin
        self._actor = f"service:{service}"
        self._on_done = on_done

    def run(self, tasks: Sequence[Task], also: Callable[[Session], object] = lambda session: None) -> None:
        """All of them in one transaction, with what is `also` to be done in it; those that ran before are passed over.

        When one raises, so does this, and nothing happened.
        """
        with self._database.transaction() as session:
            also(session)
            fresh = inbox.once(session, [task.note for task in tasks])
            for task in tasks:
                if task.note in fresh:
                    fresh.discard(task.note)
                    self._on_begin()
                    with acting(self._context(task.event)):
                        task.reaction.run(session, task.event)
        for task in tasks:
            self._on_done(task.event)

    def _context(self, event: Event) -> Context:
        """What a reaction does is done by its service, in the course of the event and for the event's actor."""
        return Context(
            actor=self._actor,
            channel="event",
            on_behalf_of=event.on_behalf_of or event.actor,
            correlation_id=event.correlation_id,
            causation_id=str(event.id),
            traceparent=event.traceparent,
        )
