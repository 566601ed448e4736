"""The port between our events and whatever carries them.

A transport declares, publishes, takes and settles. It knows nothing of reactions, attempts or dead letters, and relay
and consumer know nothing of the transport. Two exist: `rabbitmq`, and `embedded` for a machine without one.
"""

from collections.abc import Sequence
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
    """Why the broker itself gave up on it; such a delivery is not run but kept as a dead letter."""
    came_as: str | None = None
    """The type as which the broker let it through. A body of another type is forged: rights are asked by this one."""


class Transport(Protocol):
    def declare(self, queue: str, types: Sequence[str]) -> None:
        """Makes the queue exist, bound to exactly these types. Repeatable; what is already in the queue stays."""

    def publish(self, batch: Sequence[Outgoing]) -> None:
        """Returns when every event is safe with the transport, in this order. Raises Unreachable otherwise;
        some of the batch may then have arrived, so the caller publishes all of it again."""

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        """Up to `limit` deliveries in order; waits at most `timeout` seconds for the first, and for no other.
        What is taken and not settled when the process ends is delivered again."""

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """Lets go of everything taken up to and including these. Their effects must be committed."""

    def rest(self) -> None:
        """Called every second or so while there is nothing to publish: keeps the connection, or notices its end."""

    def close(self) -> None: ...


def connect(config: Config) -> Transport:
    """The transport that the configuration names."""
    if config.amqp_url:
        from shared.events.rabbitmq import RabbitMQ

        return RabbitMQ(config.amqp_url, service=config.service)
    if config.bus_url:
        from shared.events.embedded import Embedded

        return Embedded(config.bus_url)
    raise BadConfiguration("neither FOYER_AMQP_URL (RabbitMQ) nor FOYER_BUS_URL (the embedded transport) is set")
