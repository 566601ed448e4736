"""What a provider is asked, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with nothing left to be decided."""

    id: UUID
    type: str
    address: str
    """E-mail address or telephone number; for a push, the client."""
    subject: str
    text: str
    html: str = ""
    sender: Mapping[str, str] = field(default_factory=dict)
    """`from`, `reply_to` and `number`, where the branch has its own."""
    unsubscribe: str | None = None
    """The address of the page that stops messages of this kind; one click of a mail program is a POST there."""
    topic: str = ""
    """A push takes the place of an earlier one with the same topic."""
    urgent: bool = False
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has it."""

    provider_id: str | None = None
    state: str = "sent"
    """`delivered` where the provider's answer says so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never pass."""

    reason: str
    bounced: bool = False
    suppress: str | None = None
    """Why nothing more is sent to this address: hard_bounce, invalid, stop, push_gone."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; another time may be better for this message."""

    reason: str
    after: float | None = None
    """Seconds that the provider asks for."""


@dataclass(frozen=True, slots=True)
class Down:
    """The provider takes nothing at all at the moment: nothing is tried for a while, and no message loses a try."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have gone out, or not."""

    reason: str


Outcome = Sent | Refused | Later | Down | Unknown


class Provider(Protocol):
    name: str
    channel: str
    repeats: bool
    """Whether sending twice does no harm, so that a try without an outcome is simply made again."""

    def send(self, message: Outgoing) -> Outcome:
        """One try, of 15 seconds at most. Raises nothing."""
        ...

    def find(self, message: Outgoing) -> Outcome | None:
        """What became of an earlier try, as the provider's own list says; None when it does not know of any."""
        ...

    def close(self) -> None: ...
