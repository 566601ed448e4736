"""Payment activity as the one who paid reads it. Pure."""

from collections.abc import Mapping
from typing import Any

from services.memberships.gateways import declines
from services.memberships.gateways.declines import decline_of
from shared.words import Words

OUTCOMES = {
    "written": "on_its_way",
    "sent": "on_its_way",
    "processing": "on_its_way",
    "unknown": "on_its_way",
    "needs_client": "to_confirm",
    "succeeded": "paid",
    "settled": "paid",
    "declined_soft": "failed",
    "declined_hard": "failed",
    "void": "called_off",
    "written_off": "called_off",
    "refund_written": "refund_on_its_way",
    "refund_succeeded": "refunded",
    "refund_failed": "refund_on_its_way",
    "dispute_open": "disputed",
    "dispute_won": "paid",
    "dispute_lost": "disputed",
}
"""What each state of the activity is to a client. That a refund failed is staff's to mend; to them it is to come."""

ASK = Words("Your bank did not accept it, and did not tell us why. You can ask them.")
WHYS = {
    declines.INSUFFICIENT_FUNDS: Words("There was not enough money on the card."),
    declines.BANK_BUSY: Words("Your bank could not be reached. We will try again."),
    declines.LIMIT_REACHED: Words("The card has reached its limit for now."),
    declines.CONFIRMATION_NEEDED: Words("You did not confirm it with your bank."),
    declines.EXPIRED: Words("The card has expired. Please give us another one."),
    declines.NOT_VALID: Words("The card is no longer valid. Please give us another one."),
    declines.NOT_SUPPORTED: Words("This kind of card cannot be used here. Please give us another one."),
    declines.NOT_TAKEN: Words("Your bank did not accept this card. Please give us another one."),
}


def as_the_client_reads_it(row: Mapping[str, Any]) -> dict[str, Any]:
    outcome = OUTCOMES[row["shown"]]
    why = WHYS.get(decline_of(row["code"]), ASK).format() if outcome == "failed" else None
    url = row["client_url"] if outcome == "to_confirm" else None
    return {**row, "outcome": outcome, "why": why, "client_url": url}
