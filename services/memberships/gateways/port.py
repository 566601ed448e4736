"""What we ask of a gateway, and what it may answer. Every gateway of the house keeps this promise, and one suite of
tests holds them to it (`tests/test_port.py`).

A payment is made in two calls: created, which moves no money and gives it a name that we commit; then confirmed. So an
answer that is lost is asked for by that name, however many days later, and a creation that is lost has charged nobody.

Of every call one of these comes back: an outcome; `GatewayDown`, and then nothing was done for certain; `AnswerLost`,
and then it may have been done and only `find` can tell; or `GatewayRefused`, which asking again does not help.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

State = Literal["requires_confirmation", "succeeded", "declined", "needs_client", "processing", "void"]
"""Of a payment. `declined` may be confirmed again by the client only; we make a new one instead."""
RefundState = Literal["processing", "succeeded", "failed"]
DisputeState = Literal["open", "won", "lost"]
Kind = Literal["charge", "refund", "dispute", "card"]


class GatewayDown(Exception):
    """It was not reached, or said that it takes nothing now: nothing was done. Try again later."""


class AnswerLost(Exception):
    """It may have done what was asked, or not. `find` it; do not ask a second time."""


class GatewayRefused(Exception):
    """It will not do this, now or later: the request is wrong, or it knows no such thing. `code` is its own."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class BadSignature(Exception):
    """This webhook is not from the gateway, or is too old to be taken."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one attempt takes. Its id is the idempotency key; the gateway's object carries it and that of the due."""

    attempt_id: UUID
    due_id: UUID
    amount: int
    """In the currency's minor unit, more than 0."""
    currency: str
    customer: str
    """The gateway's word for the client."""
    card: str
    """The gateway's token of the card."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a payment stands at the gateway at this moment."""

    gateway_id: str
    state: State
    code: str | None = None
    """Why it was declined, as the gateway says it; `declines.decline_of` knows what it means."""
    client_url: str | None = None
    """Where the client confirms it with their bank, when the gateway has such a page already (else `ask_client`)."""
    captured: int = 0
    """Minor units that were taken."""


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    gateway_id: str
    state: RefundState
    charge_id: str
    """The payment that it gives back."""
    amount: int
    code: str | None = None
    """Why it failed."""


@dataclass(frozen=True, slots=True)
class DisputeOutcome:
    gateway_id: str
    state: DisputeState
    charge_id: str
    """The payment that the client's bank takes back."""
    amount: int
    currency: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Setup:
    """The saving of a card, begun: the client gives its number to the gateway, never to us."""

    id: str
    client_secret: str
    """For the gateway's own script in the browser. Good for this one card; never logged or kept."""
    url: str | None = None
    """The gateway's own form, where it has one."""


@dataclass(frozen=True, slots=True)
class SavedCard:
    token: str
    customer: str
    brand: str
    last_four: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a webhook comes to: look at this object. Nothing else of it is believed."""

    account: str
    event_id: str
    kind: Kind
    object_id: str


class Gateway(Protocol):
    """One account at a gateway. Safe to use from many threads or greenlets at once; no call waits forever."""

    account: str

    def add_customer(self, client_id: UUID) -> str:
        """What the gateway calls the client from now on. The same client asked for twice is the same one."""

    def begin_setup(self, customer: str, return_url: str) -> Setup:
        """Begins to save a card that is later charged without the client present."""

    def save_card(self, customer: str, setup: str) -> SavedCard:
        """The card of a setup that the client has finished. Raises GatewayRefused with `setup_unfinished` before."""

    def find_card(self, token: str) -> SavedCard:
        """As the network has it now: a renewed card has another expiry, and perhaps another number."""

    def remove_card(self, token: str) -> None:
        """It can never be charged again. Once removed, again does nothing."""

    def create(self, charge: Charge) -> str:
        """A payment that takes nothing yet, and what the gateway calls it."""

    def confirm(self, gateway_id: str) -> Outcome:
        """Takes it, without the client present. Of one that is confirmed, void or declined: how it stands."""

    def ask_client(self, gateway_id: str, return_url: str) -> Outcome:
        """Where the client, who is here now, confirms it: the outcome's `client_url`, unless it is settled already."""

    def find(self, gateway_id: str) -> Outcome:
        """How it stands."""

    def cancel(self, gateway_id: str) -> Outcome:
        """`void`: it can never take anything from here on. Any other state: it was too late for that, or is not yet
        possible (`processing`), and that is how it stands."""

    def refund(self, gateway_id: str, amount: int, refund_id: UUID) -> RefundOutcome:
        """Gives back so much of a payment. `refund_id` is ours: the idempotency key, and on the gateway's object."""

    def find_refund(self, refund_gateway_id: str) -> RefundOutcome:
        """How it stands: one that succeeded can still fail, days later."""

    def refund_made(self, gateway_id: str, refund_id: UUID) -> RefundOutcome | None:
        """The refund of this payment that carries our id, if there is one: what to ask when an answer was lost."""

    def find_dispute(self, dispute_gateway_id: str) -> DisputeOutcome:
        """How it stands."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> list[Said]:
        """Raises BadSignature. Empty for what does not concern us. No call is made."""
