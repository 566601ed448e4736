"""What is asked of a gateway for one attempt: the calls, and nothing else. No database, and no lock, is near.

An attempt is created, its id is committed by the pipeline, and then it is confirmed. Whatever is not known after that
is asked for by the id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog

from services.memberships.gateways.port import AnswerLost, Charge, Gateway, GatewayDown, GatewayRefused, Outcome

log = structlog.get_logger()

KEY_IS_GOOD_FOR = timedelta(hours=20)
"""Gateways forget idempotency keys after a day (Stripe: 24 hours): an older one is not used again."""
CLIENT_HAS = timedelta(hours=72)
"""For confirming with their bank; then the attempt is cancelled, and counts as one that failed."""

Step = Literal["create", "confirm", "find", "cancel", "ask_client", "void"]


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt that a worker has in hand."""

    id: UUID
    due_id: UUID
    state: str
    account: str
    amount: int
    currency: str
    gateway_id: str | None
    client_url: str | None
    sent_at: datetime
    looks: int
    is_wanted: bool
    """The due is open, and nobody has asked for this one to be cancelled."""
    card: str
    customer: str
    unsealed: Sequence[tuple[UUID, str]]
    """Earlier attempts at the due by which the client could still pay: our ids and the gateway's."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the gateway said of an attempt; without anything of it, it is asked again later."""

    taken: Taken
    created: str | None = None
    """The id of a payment that takes nothing yet."""
    outcome: Outcome | None = None
    lost: bool = False
    """A confirmation may have been carried out, or not."""
    others: Mapping[UUID, Outcome] = field(default_factory=dict)
    """Of earlier attempts."""


def first_step(taken: Taken, now: datetime) -> Step:
    """What is done now for an attempt that nobody is at. Pure."""
    if taken.gateway_id is None:
        # A creation whose answer was lost has charged nobody: only ids that we have committed are ever confirmed.
        return "create" if taken.is_wanted and now - taken.sent_at < KEY_IS_GOOD_FOR else "void"
    if not taken.is_wanted or (taken.state == "needs_client" and now - taken.sent_at > CLIENT_HAS):
        return "cancel"
    if taken.state == "needs_client" and taken.client_url is None:
        return "ask_client"
    return "find"


def carry_out(step: Step, taken: Taken, gateway: Gateway, return_url: str) -> Said:
    """Takes the step at the gateway. Never raises: what is not known is asked again."""
    try:
        return _carry_out(step, taken, gateway, return_url)
    except (GatewayDown, AnswerLost) as error:
        log.info("gateway_silent", step=step, attempt=str(taken.id), reason=str(error))
        return Said(taken, lost=step == "confirm" and isinstance(error, AnswerLost))
    except Exception:
        log.exception("gateway_failed", step=step, attempt=str(taken.id))
        return Said(taken, lost=step == "confirm")


def _carry_out(step: Step, taken: Taken, gateway: Gateway, return_url: str) -> Said:
    if step == "void":
        return Said(taken, outcome=Outcome("", "void"))
    if step == "create":
        return _create(taken, gateway)
    assert taken.gateway_id
    if step == "confirm":
        return Said(taken, outcome=_confirm(taken.gateway_id, gateway))
    if step == "cancel":
        return Said(taken, outcome=_cancel(taken.gateway_id, gateway))
    if step == "ask_client":
        return Said(taken, outcome=gateway.ask_client(taken.gateway_id, return_url))
    return Said(taken, outcome=gateway.find(taken.gateway_id))


def _create(taken: Taken, gateway: Gateway) -> Said:
    """The gateway cancels what came before. If that has succeeded, or is at it, nothing is created."""
    others = {other_id: _cancel(gateway_id, gateway) for other_id, gateway_id in taken.unsealed}
    if any(outcome.state != "void" for outcome in others.values()):
        return Said(taken, others=others)
    charge = Charge(taken.id, taken.due_id, taken.amount, taken.currency, taken.customer, taken.card)
    try:
        return Said(taken, created=gateway.create(charge), others=others)
    except GatewayRefused as error:
        return Said(taken, outcome=Outcome("", "declined", error.code), others=others)


def _confirm(gateway_id: str, gateway: Gateway) -> Outcome:
    try:
        return gateway.confirm(gateway_id)
    except GatewayRefused:
        return gateway.find(gateway_id)


def _cancel(gateway_id: str, gateway: Gateway) -> Outcome:
    try:
        return gateway.cancel(gateway_id)
    except GatewayRefused:
        return gateway.find(gateway_id)


FIRST_PAUSE = {"processing": 5.0, "needs_client": 30.0}
LONGEST_PAUSE = {"sent": 300.0, "unknown": 3600.0}


def pause(state: str, looks: int) -> timedelta:
    """How long an attempt is left alone after its n-th look; doubled each time. Pure."""
    longest = LONGEST_PAUSE.get(state, 6 * 3600.0)
    return timedelta(seconds=min(FIRST_PAUSE.get(state, 1.0) * 2 ** min(looks - 1, 20), longest))


def until_next_look(said: Said) -> timedelta:
    """How long an attempt of which nothing was heard is left alone.

    A confirmation whose answer was lost just now is looked up at once, however often the attempt was taken before by
    workers that were killed: a charge that was made is to be known.
    """
    taken = said.taken
    just_lost = said.lost and taken.state == "sent"
    return pause("unknown", 1) if just_lost else pause(taken.state, taken.looks)
