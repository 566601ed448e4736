"""How often a card may be asked. Pure.

The networks count refusals and fine those who go on asking (Visa: 15 in 30 days; a hard decline is never repeated).
What has succeeded is not counted: one card may well pay for a whole family. What is void never reached the bank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.words import Words

PER_CARD_AND_DUE = 4
PER_CARD = 15
DAYS = 30
BY_HAND_EVERY = timedelta(minutes=15)

ENOUGH_FOR_THIS = Words(
    "This card was tried {most} times for this payment, and no more is allowed. Choose another card."
)
ENOUGH_FOR_NOW = Words(
    "This card was refused {most} times in {days} days, and the banks allow no more. Choose another card."
)
NEVER_AGAIN = Words("The bank does not take this card for this payment. Choose another card.")
JUST_TRIED = Words(
    "The bank has refused this a few minutes ago. Try again in {minutes} minutes, or choose another card."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a card was asked so far."""

    for_this: int
    """Attempts at this due, those that are void left out."""
    refused_lately: int
    """Attempts at whatever in the last 30 days that did not succeed."""
    refused_for_good: bool
    """Whether the bank has said of this due that the card is not to be tried again."""


NEVER_ASKED = Asked(0, 0, False)


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    words: Words
    values: Mapping[str, Any] = field(default_factory=dict)


def refusal(asked: Asked) -> Refusal | None:
    """Why this card is not asked once more; None when it may be."""
    if asked.refused_for_good:
        return Refusal("another_card_needed", NEVER_AGAIN)
    if asked.for_this >= PER_CARD_AND_DUE:
        return Refusal("card_asked_too_often", ENOUGH_FOR_THIS, {"most": PER_CARD_AND_DUE})
    if asked.refused_lately >= PER_CARD:
        return Refusal("card_asked_too_often", ENOUGH_FOR_NOW, {"most": PER_CARD, "days": DAYS})
    return None


def wait_by_hand(refused_at: datetime | None, now: datetime) -> timedelta:
    """How long a person waits after a soft decline before they may try again; nothing when they need not."""
    return max(timedelta(), refused_at + BY_HAND_EVERY - now) if refused_at else timedelta()
