"""What is said of one type of message. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from shared.contracts.contract import Contract
from shared.words import Words

Channel = Literal["email", "sms", "push"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push")
KINDS = ("appointment", "service", "package", "marketing", "transaction", "contract")
URGENT, NORMAL, MARKETING = 0, 1, 2
"""The lanes: what is in the first goes before all others, at any hour."""
LANES = ("urgent", "normal", "marketing")

Data = Mapping[str, Any]


def always(data: Data) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Value:
    """Something that a template may name: how it is said, and the member of the event that holds it."""

    how: str
    """text, number, money, date, moment, plan, membership_plan, services or flag."""
    member: str


@dataclass(frozen=True)
class MessageType:
    name: str
    title: Words
    """What people call it on the console."""
    kind: str
    channels: tuple[Channel, ...]
    key: str
    """What makes it another message of its type to the same person: a pattern over the event's data."""
    on: tuple[Contract, ...] = ()
    when: Callable[[Data], bool] = always
    """Of those events, the ones that call for it."""
    to: str = "client_id"
    """The member that names the client."""
    about: str | None = None
    """The thing it speaks of, as a pattern: an event about the same thing may withdraw it."""
    withdrawn_by: tuple[Contract, ...] = ()
    urgent: bool = False
    can_be_off: bool = True
    """Whether the client's preferences may switch it off; a suppressed address is never written to."""
    after: timedelta = timedelta()
    """How long after its event it goes, unless it is withdrawn before."""
    greatest_age: timedelta = timedelta(hours=24)
    """Of its event: when it is older, the message is not sent any more."""
    not_after: str | None = None
    """The member that holds the moment, or the day, after which it makes no sense."""
    values: Mapping[str, Value] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    """Values that are handed over with the message and kept nowhere: one-time links."""

    @property
    def lane(self) -> int:
        return MARKETING if self.kind == "marketing" else URGENT if self.urgent else NORMAL
