"""Who does a thing, from where, and in the course of what: bound once at the door, read where a change is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from shared.ids import new_id


@dataclass(frozen=True)
class Context:
    actor: str
    """`staff:<id>`, `client:<id>`, `machine:<id>` or `service:<name>`."""
    channel: str
    """console, portal, api, import or event."""
    on_behalf_of: str | None = None
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None

    @property
    def actor_id(self) -> UUID | None:
        """The id of the person or machine; None for a service."""
        kind, _, name = self.actor.partition(":")
        return None if kind == "service" else UUID(name)


NOBODY = Context(actor="service:foyer", channel="api")
_current: ContextVar[Context] = ContextVar("foyer_context", default=NOBODY)


def current() -> Context:
    return _current.get()


@contextmanager
def acting(context: Context) -> Iterator[Context]:
    """Everything inside is done by this actor, under one correlation id."""
    if not context.correlation_id:
        context = replace(context, correlation_id=str(new_id()))
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def bind(context: Context) -> None:
    """For a request, whose context lives as long as its greenlet."""
    _current.set(context)
