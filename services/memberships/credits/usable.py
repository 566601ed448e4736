"""Whether a lot of credits can be used on a day, and what stands against it. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Reason = Literal["suspended", "expired", "withdrawn", "past_due", "membership_suspended", "frozen"]
Withhold = Literal["past_due", "suspended", "never"]

FROM_STANDING: dict[str, dict[str, Reason]] = {
    "never": {},
    "suspended": {"suspended": "membership_suspended"},
    "past_due": {"suspended": "membership_suspended", "past_due": "past_due"},
}
"""By the policy's `withhold_benefits`: the standings of a membership that withhold what it earned."""


@dataclass(frozen=True)
class Facts:
    """What is known of a lot and of the membership that earned it."""

    status: str
    expires_on: date | None
    standing: str | None
    """None for what no membership earned."""
    frozen: bool
    """A freeze runs whose rule says that credits cannot be used."""


def withheld(facts: Facts, withhold: Withhold, today: date) -> Reason | None:
    """Why it cannot be used `today`, the day of the lot's branch; None when it can."""
    if facts.status in {"suspended", "expired", "withdrawn"}:
        return facts.status  # type: ignore[return-value]
    if facts.expires_on is not None and facts.expires_on <= today:
        return "expired"
    if facts.standing is not None and (reason := FROM_STANDING[withhold].get(facts.standing)):
        return reason
    return "frozen" if facts.frozen else None
