"""Keeps what became of a message: from the provider's answer, or from what it tells later. A state never goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.delivery import suppressing
from services.notifications.delivery.claiming import SETTLING
from services.notifications.delivery.states import (
    BOUNCED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    SENDING,
    SENT,
    UNKNOWN,
    may_follow,
)
from services.notifications.messages.models import SAID, Message
from services.notifications.providers.port import Down, Later, Outcome, Refused, Sent, Unknown
from shared import clock
from shared.audit import Record, Saying, record, record_all
from shared.contracts.notifications import (
    MESSAGE_BOUNCED,
    MESSAGE_DELIVERED,
    MESSAGE_FAILED,
    MESSAGE_SENT,
)
from shared.db import run, to_json

WAITS = (5, 30, 120, 600, 1800, 3600)
"""Seconds before the second, third … try; the last goes on until the message is too old."""
MOST_TRIES = 30

SAYS = {
    SENT: MESSAGE_SENT,
    DELIVERED: MESSAGE_DELIVERED,
    BOUNCED: MESSAGE_BOUNCED,
    COMPLAINED: MESSAGE_BOUNCED,
    FAILED: MESSAGE_FAILED,
}


ARE_SENT = f"""
    UPDATE messages SET state = one.state, provider = %(provider)s, sent_at = coalesce(sent_at, %(now)s),
        provider_id = coalesce(one.provider_id, messages.provider_id), reason = NULL, due_at = NULL,
        ended_at = CASE WHEN one.state <> '{SENT}' THEN %(now)s END, claimed_at = NULL, secret = NULL,
        version = version + 1
    FROM json_to_recordset(%(sent)s) AS one (id uuid, claimed_at timestamptz, state text, provider_id text)
    WHERE messages.id = one.id AND messages.claimed_at = one.claimed_at AND messages.state = '{SENDING}'
    RETURNING version, {", ".join(f"messages.{name}" for name in SAID)}
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """A message that was handed to a provider, by whoever had it since then, and what came of it."""

    message_id: UUID
    claimed_at: datetime
    outcome: Outcome


def locked(session: Session, message_id: UUID) -> Message | None:
    return session.get(Message, message_id, with_for_update=True, populate_existing=True)


def settle(session: Session, provider: str, tried: Sequence[Tried]) -> None:
    """Keeps what came of each try. One that somebody else has taken since is passed over: theirs counts."""
    done = _are_sent(session, provider, tried)
    for one in tried:
        if one.message_id not in done:
            _settle(session, provider, one)


def _are_sent(session: Session, provider: str, tried: Sequence[Tried]) -> set[UUID]:
    """What nearly every try comes to, in one statement with one more for the events; not where something else has come
    between."""
    sent = [
        {"id": one.message_id, "claimed_at": one.claimed_at, "state": had.state, "provider_id": had.provider_id}
        for one in tried
        if isinstance(had := one.outcome, Sent)
    ]
    if not sent:
        return set()
    rows = run(session, ARE_SENT, {"provider": provider, "now": clock.now(), "sent": to_json(sent)}).fetchall()
    record_all(session, [_is_sent(row) for row in rows])
    return {row["id"] for row in rows}


def _is_sent(row: dict[str, Any]) -> Record:
    version, state = row.pop("version"), row["state"]
    says = [Saying(MESSAGE_SENT, row | {"state": SENT})]
    if state != SENT:
        says.append(Saying(SAYS[state], row))
    about, changes = row["client_id"] or row["id"], {"state": (SENDING, state)}
    return Record(about, "message", row["id"], version, changes, says)


def _settle(session: Session, provider: str, one: Tried) -> None:
    message, outcome = locked(session, one.message_id), one.outcome
    if message is None or message.claimed_at != one.claimed_at:
        if message is not None and isinstance(outcome, Sent | Refused):
            conclude(session, message, outcome, provider)
        return
    message.claimed_at = None
    if isinstance(outcome, Sent | Refused):
        conclude(session, message, outcome, provider)
    elif isinstance(outcome, Unknown):
        _wait_for_word(message, outcome, one.claimed_at)
    else:
        _try_again(session, message, outcome)


def conclude(session: Session, message: Message, outcome: Sent | Refused, provider: str | None = None) -> None:
    """The provider has it, or never will."""
    if provider:
        message.provider = provider
    if isinstance(outcome, Sent):
        message.provider_id = outcome.provider_id or message.provider_id
        move(session, message, outcome.state)
        return
    if outcome.suppress:
        suppressing.suppress(session, message, outcome.suppress)
    move(session, message, BOUNCED if outcome.bounced else FAILED, outcome.reason)


def move(session: Session, message: Message, state: str, reason: str | None = None) -> bool:
    """To a later state; whether it is one. What may have been the last word is written down, and said, once."""
    if not may_follow(message.state, state):
        session.flush()
        return False
    now, before = clock.now(), message.state
    message.state, message.reason = state, reason
    message.due_at = message.claimed_at = None
    message.secret = None
    if state in (SENT, DELIVERED) and message.sent_at is None:
        message.sent_at = now
    if state != SENT:
        message.ended_at = now
    message.version += 1
    session.flush()
    record(
        session,
        about=message.client_id or message.id,
        kind="message",
        row_id=message.id,
        version=message.version,
        changes={"state": (before, state)},
        says=_says(message, before, state),
        reason=reason,
    )
    return True


def _says(message: Message, before: str, state: str) -> list[Saying]:
    """Who listens for what was sent hears of it also when the provider's first word is that it has arrived."""
    says = [Saying(SAYS[state], message.said())]
    if state == DELIVERED and before != SENT:
        says.insert(0, Saying(MESSAGE_SENT, message.said() | {"state": SENT}))
    return says


def _wait_for_word(message: Message, outcome: Unknown, claimed_at: datetime) -> None:
    """For a callback, then for the provider's list; once more after ten minutes, but for marketing."""
    first = message.state == SENDING
    message.state, message.reason = UNKNOWN, outcome.reason
    message.version += 1
    message.due_at = claimed_at + SETTLING if first else None


def _try_again(session: Session, message: Message, outcome: Later | Down) -> None:
    if isinstance(outcome, Down):  # no fault of the message
        message.attempts -= 1
    elif message.attempts >= MOST_TRIES and message.state != UNKNOWN:
        move(session, message, FAILED, outcome.reason)
        return
    wait: Any = WAITS[min(message.attempts, len(WAITS)) - 1] if isinstance(outcome, Later) else 0
    message.reason = outcome.reason
    message.due_at = clock.now() + timedelta(seconds=max(wait, outcome.after or 0))
    message.version += 1
