"""The port between our events and whatever carries them.

A transport declares, publishes, takes and settles. It knows nothing of reactions, attempts or dead letters, and relay
and consumer know nothing of the transport. Two exist: `rabbitmq`, and `embedded` for a machine without one.

Events of one subject arrive in the order of the outbox, with one exception: one that was refused, and published again,
arrives after those behind it. And several consumers of one queue overtake each other. So a reaction that overwrites
compares versions (see `shared.copies`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.config import BadConfiguration, Config


class Unreachable(Exception):
    """The transport does not answer, or did not confirm. What was given to it may or may not have arrived."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row of the outbox on its way."""

    event_id: UUID
    type: str
    body: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    body: bytes
    receipt: Any
    """What the transport needs to settle it; nobody else's business."""
    given_up: str | None = None
    """Why the broker itself gave up on it, which it does when consumers ended too often while they held it."""
    came_as: str | None = None
    """The type as which the broker let it through. A body of another type is forged: rights are asked by this one."""


class Transport(Protocol):
    def declare(self, queue: str, types: Sequence[str], no_more: Iterable[str] = ()) -> None:
        """Makes the queue exist, bound to exactly these types. Repeatable; what is already in the queue stays.

        `no_more` are types that it may be bound to and that no contract of this code names (see `bindings`)."""

    def publish(self, batch: Sequence[Outgoing], waiting: Callable[[], object] = lambda: None) -> Sequence[UUID]:
        """Returns when the transport has decided about every event: it answers the ids of those that it refused, and
        all others are safe. While it lets nobody publish this waits, and calls `waiting` now and then. Raises
        Unreachable when it cannot know: some of the batch may then have arrived, and the caller publishes it again."""

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        """Up to `limit` deliveries in order; waits at most `timeout` seconds for the first, and for no other.
        What is taken and not settled when the process ends is delivered again."""

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """Lets go of everything taken up to and including these. Their effects must be committed."""

    def rest(self) -> None:
        """Called every second or so while there is nothing to publish: keeps the connection, or notices its end, and
        does what else the transport needs done. `take` needs no such help."""

    def history(self, from_start: bool) -> Iterator[bytes]:
        """Every event that was said to all, oldest first: from the oldest that is kept or from now on, without end."""

    def close(self) -> None:
        """Ends the connection; the next use opens another. What was taken and not settled is delivered again."""


def connect(config: Config) -> Transport:
    """The transport that the configuration names."""
    if config.amqp_url:
        from shared.events.rabbitmq import RabbitMQ

        return RabbitMQ(config.amqp_url, service=config.service)
    if config.bus_url:
        from shared.events.embedded import Embedded

        return Embedded(config.bus_url)
    raise BadConfiguration("neither FOYER_AMQP_URL (RabbitMQ) nor FOYER_BUS_URL (the embedded transport) is set")
