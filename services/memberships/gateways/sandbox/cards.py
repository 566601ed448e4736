"""The test cards: each behaves as its name says. Pure."""

from dataclasses import dataclass
from typing import Literal

Then = Literal["succeeded", "declined", "needs_client"]


@dataclass(frozen=True, slots=True)
class TestCard:
    name: str
    brand: str
    last_four: str
    then: Then = "succeeded"
    """What becomes of a payment with it."""
    code: str | None = None
    """Why it is declined."""
    slow: bool = False
    """The answer comes later than anybody waits for."""
    loses_answer: bool = False
    """The work is done and committed, and then the connection is dropped."""
    refund_fails: bool = False
    """A refund succeeds, and fails later."""
    disputed: bool = False
    """A dispute of each payment comes later."""


CARDS = {
    card.name: card
    for card in (
        TestCard("accepted", "visa", "4242"),
        TestCard("soft_decline", "visa", "0002", "declined", "do_not_honor"),
        TestCard("hard_decline", "mastercard", "9979", "declined", "stolen_card"),
        TestCard("insufficient_funds", "visa", "9995", "declined", "insufficient_funds"),
        TestCard("expired", "visa", "0069", "declined", "expired_card"),
        TestCard("needs_client", "visa", "3155", "needs_client"),
        TestCard("slow", "mastercard", "5100", slow=True),
        TestCard("answer_lost", "visa", "5126", loses_answer=True),
        TestCard("refund_fails", "visa", "5126", refund_fails=True),
        TestCard("disputed", "visa", "0259", disputed=True),
    )
}
