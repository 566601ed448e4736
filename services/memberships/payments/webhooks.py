"""Works off what gateways told. It only says where to look: the object is retrieved, and its outcome is written down
by the functions through which our own answers go, too."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.gateways import actions as told
from services.memberships.gateways.models import WebhookEvent
from services.memberships.gateways.port import DisputeOutcome, Gateway, Outcome, RefundOutcome
from services.memberships.payments import disputing, outcomes, refunding
from services.memberships.payments.models import Attempt, Refund
from services.memberships.payments.pipeline import IN_FLIGHT, PIPELINE, OpenGateway
from shared.actor import acting
from shared.db import Database

log = structlog.get_logger()

KINDS = ("charge", "refund", "dispute")
BATCH = 40
MOST_LOOKS = 12
"""After these, over some six hours, what is told of an object that we do not know is let go: it is not ours."""

LOOK: dict[str, Callable[[Gateway], Callable[[str], Any]]] = {
    "charge": lambda gateway: gateway.find,
    "refund": lambda gateway: gateway.find_refund,
    "dispute": lambda gateway: gateway.find_dispute,
}


def work_off(database: Database, gateway_of: OpenGateway) -> bool:
    """One batch of what was told; whether there was any."""
    if not told.is_due(database, KINDS):
        return False
    with database.transaction() as session:
        events = told.take(session, KINDS, BATCH)
        session.expunge_all()
    if not events:
        return False
    with ThreadPoolExecutor(min(IN_FLIGHT, len(events)), "webhooks") as pool:
        found = list(pool.map(lambda event: _look(event, gateway_of(event.account)), events))
    for event, outcome in zip(events, found, strict=True):
        try:
            _keep(database, event, outcome)
        except Exception:  # it comes again
            log.exception("webhook_failed", account=event.account, event_id=event.event_id)
    return True


def _look(event: WebhookEvent, gateway: Gateway) -> Any:
    try:
        return LOOK[event.kind](gateway)(event.object_id)
    except Exception as error:
        log.warning("webhook_not_looked_up", kind=event.kind, object_id=event.object_id, reason=repr(error))
        return None


def _keep(database: Database, event: WebhookEvent, outcome: Any) -> None:
    with acting(PIPELINE), database.transaction() as session:
        if (outcome is not None and _settle(session, event, outcome)) or event.looks >= MOST_LOOKS:
            told.looked_at(session, event)


def _settle(session: Session, event: WebhookEvent, outcome: Outcome | RefundOutcome | DisputeOutcome) -> bool:
    """Whether it was about something of ours; what is not may be so yet, when it was told before our own commit."""
    if isinstance(outcome, Outcome):
        attempt_id = _attempt_id(session, event.account, outcome.gateway_id)
        if attempt_id:
            outcomes.settle(session, attempt_id, outcome)
        return attempt_id is not None
    if isinstance(outcome, RefundOutcome):
        refund_id = session.scalar(
            select(Refund.id).where(Refund.account == event.account, Refund.gateway_id == outcome.gateway_id)
        )
        if refund_id:
            refunding.settle_refund(session, refund_id, outcome)
        return refund_id is not None
    attempt_id = _attempt_id(session, event.account, outcome.charge_id)
    attempt = session.get(Attempt, attempt_id) if attempt_id else None
    if attempt is None or attempt.state != "succeeded":  # its own outcome comes first
        return False
    disputing.settle_dispute(session, attempt, outcome)
    return True


def _attempt_id(session: Session, account: str, gateway_id: str) -> UUID | None:
    return session.scalar(select(Attempt.id).where(Attempt.account == account, Attempt.gateway_id == gateway_id))
