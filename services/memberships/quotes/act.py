"""What can be quoted: acts, each with what it takes, what it looks at, and the pure function that computes it.

A room that has some registers them in its `acts.py`: `register(Act(...))`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from shared.api.fields import Shape

Inputs = Mapping[str, Any]


class Facts(Protocol):
    """Everything that `compute` needs to know but the inputs, read in one go; values, and no rows that may change."""

    @property
    def membership_id(self) -> UUID | None: ...
    @property
    def client_id(self) -> UUID: ...
    @property
    def branch_id(self) -> UUID: ...
    @property
    def versions(self) -> Mapping[str, Any]:
        """Of the rows that it was made from, for people and the audit."""
        ...


@dataclass(frozen=True)
class Result:
    """What the act does, as it is shown and as it is compared: two that are equal ask for the same consent."""

    currency: str
    lines: tuple[Mapping[str, Any], ...] = ()
    """`{"kind", "text", "gross", …}` as on the invoice; above zero the client pays."""
    amount: int = 0
    """What is asked for at once, in minor units; what goes to the client's balance is below zero."""
    dates: Mapping[str, date | None] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the act shows: choices, credits that lapse, arrears."""
    needs: tuple[str, ...] = ()
    """Permissions that are asked for besides the act's own, since it goes so far."""


@dataclass(frozen=True)
class Act:
    name: str
    needs: str
    """The permission, at the membership's branch."""
    inputs: type[Shape]
    """What it takes beside `act`; of an act on a membership `membership_id` is one of them."""
    gather: Callable[[Session, Inputs, bool], Facts]
    """`(session, inputs, lock)`: with `lock` it locks the membership's row first, then what else it changes."""
    compute: Callable[[Any, Inputs], Result]
    """Pure: facts and inputs in, result out. Raises Invalid and Conflict for what cannot be done."""


ACTS: dict[str, Act] = {}


def register(act: Act) -> Act:
    ACTS[act.name] = act
    return act
