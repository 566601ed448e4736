"""Asks, for what is about to be sent, whether it may be: in the transaction that claims it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.copies.models import Client
from services.notifications.delivery.suppressing import hashed
from services.notifications.messages.models import Message


@dataclass(frozen=True, slots=True)
class Asked:
    address: str | None
    """Where it goes; None when it may not go."""
    address_hash: str | None
    reason: str | None
    not_before: datetime | None
    """It may go later: quiet hours."""
    answer: dict[str, Any]
    """As it is kept with the message."""


def ask(session: Session, messages: Sequence[Message], now: datetime) -> dict[UUID, Asked]:
    answers = {}
    for message in messages:
        client = session.get(Client, message.client_id)
        assert client is not None
        held = client.profile["emails" if message.channel == "email" else "phones"]
        key = "address" if message.channel == "email" else "number"
        found = str(client.id) if message.channel == "push" else next((each.get(key) for each in held), None)
        held_hash = hashed(message.channel, found) if found else None
        answers[message.id] = Asked(found, held_hash, None if found else "no_contact_point", None, {})
    return answers
