"""Asks, for what is about to be sent, whether it may be: in the transaction that claims it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MARKETING
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
    """The answer for each of them, by its id."""
    return {message.id: _asked(session, message) for message in messages}


def _asked(session: Session, message: Message) -> Asked:
    client = session.get(Client, message.client_id)
    if client is None:
        return _no("no_contact_point")
    if client.archived and message.kind != "contract":
        return _no("archived")
    if message.lane == MARKETING:
        return _no("no_consent")
    address = _address(client, message.channel)
    if address is None:
        return _no("no_contact_point")
    return Asked(address, hashed(message.channel, address), None, None, {"goes": True, "reason": None})


def _address(client: Client, channel: str) -> str | None:
    """The first, which is the primary one; a push goes to the client's browsers."""
    if channel == "push":
        return str(client.id)
    held, name = ("emails", "address") if channel == "email" else ("phones", "number")
    return next((each.get(name) for each in client.profile.get(held) or ()), None)


def _no(reason: str) -> Asked:
    return Asked(None, None, reason, None, {"goes": False, "reason": reason})
