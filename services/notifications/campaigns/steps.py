"""From one step of a campaign to the next. Pure: steps and a moment in, the place where a client stands out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Steps = Sequence[Mapping[str, Any]]

RUNNING, DONE, STOPPED, LEFT = "running", "done", "stopped", "left"
"""`stopped` by what stops the campaign for a client; `left`, since what was waited for did not happen in time."""


@dataclass(frozen=True, slots=True)
class Place:
    step: int
    """The one to be done next, or that is waited in."""
    due_at: datetime
    state: str = RUNNING
    waits_for: str | None = None
    """The type of the event that is waited for until `due_at`."""


def arriving(steps: Steps, number: int, now: datetime) -> Place:
    """Of a client who comes to this step. What waits for an event hears of it from here on."""
    if number >= len(steps):
        return Place(number, now, DONE)
    step = steps[number]
    if step["do"] == "wait":
        return Place(number + 1, now + _days(step))
    if step["do"] == "until":
        return Place(number, now + _days(step), waits_for=step["event"])
    return Place(number, now)


def after(steps: Steps, number: int, now: datetime, *, waited: bool) -> Place:
    """Of a client whose step is due. Who has `waited` for an event has done so in vain."""
    if number >= len(steps):  # somebody took steps away while it was paused
        return Place(number, now, DONE)
    step = steps[number]
    if step["do"] == "send":
        return arriving(steps, number + 1, now)
    if waited:
        return Place(number, now, LEFT) if step.get("otherwise") == "end" else arriving(steps, number + 1, now)
    return arriving(steps, number, now)


def waits_since(steps: Steps, place: int, due_at: datetime) -> datetime:
    """Since when a client waits in this step."""
    return due_at - _days(steps[place])


def _days(step: Mapping[str, Any]) -> timedelta:
    return timedelta(days=step["days"])
