"""What is done about a payment that is missing. Pure: the policy and what was tried in, the next step out.

A *turn* is a day on which cards are tried: the membership's own first and then, if the policy says so, the client's
others that may be, in their order. When all have failed, the next turn comes after the policy's days. A card that the
bank refused for good is not tried again, nor one that was tried four times for the same payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.memberships.policies.policy import Policy

Standing = Literal["past_due", "suspended"]
Collection = Literal["retrying", "needs_client", "waits_for_card", "gave_up"]

MOST_PER_CARD = 4
"""Attempts at one payment by one card: what the networks allow."""


@dataclass(frozen=True)
class Tried:
    """A failed attempt at the payment."""

    card_id: UUID
    on: date
    """The branch's day."""
    hard: bool
    """The card is refused for good."""


@dataclass(frozen=True)
class Step:
    card_id: UUID | None
    """The card to try next."""
    days: int | None
    """From today until this step is due, 0 for at once; None when nothing more happens by itself."""
    standing: Standing
    collection: Collection


def after_failure(
    policy: Policy, tried: Sequence[Tried], own: UUID | None, others: Sequence[UUID] = (), *, asks_client: bool = False
) -> Step:
    """The step after the last of `tried`, which are in their order and none when there was no card to try.

    `own` is the membership's card, `others` those of the client that may be asked when it fails. `asks_client` when the
    bank wants the client to confirm: then nothing is tried blindly. A step without a card has its days when the
    membership is to be suspended on them.
    """
    turns = max(1, len({each.on for each in tried}))
    standing: Standing = "suspended" if turns >= policy.attempts_before_suspension else "past_due"
    if asks_client:
        return Step(None, _until_suspension(policy, turns), standing, "needs_client")
    usable = usable_cards(policy, tried, own, others)
    today = tried[-1].on if tried else None
    at_once = [card for card in usable if all((each.card_id, each.on) != (card, today) for each in tried)]
    if at_once:
        return Step(at_once[0], 0, standing, "retrying")
    if not usable:
        return Step(None, _until_suspension(policy, turns), standing, "waits_for_card")
    if turns > len(policy.retry_days):
        return Step(None, None, standing, "gave_up")
    return Step(usable[0], policy.retry_days[turns - 1], standing, "retrying")


def usable_cards(policy: Policy, tried: Sequence[Tried], own: UUID | None, others: Sequence[UUID]) -> list[UUID]:
    """The cards that may still be asked for this payment, in their order."""
    cards = [card for card in (own, *(others if policy.other_cards else ())) if card is not None]
    refused = {each.card_id for each in tried if each.hard}
    counts = [each.card_id for each in tried]
    return [card for card in cards if card not in refused and counts.count(card) < MOST_PER_CARD]


def _until_suspension(policy: Policy, turns: int) -> int | None:
    """The days after which the membership would be suspended had it been tried again; None when it is already."""
    return sum(policy.retry_days[turns - 1 : policy.attempts_before_suspension - 1]) or None


def withheld(policy: Policy, standing: str) -> bool:
    """Whether benefits are withheld from a member of this standing."""
    held: dict[str, tuple[str, ...]] = {"past_due": ("past_due", "suspended"), "suspended": ("suspended",), "never": ()}
    return standing in held[policy.withhold_benefits]
