"""Keeps away from an address that nobody can be reached at, or that said stop."""

import hashlib

from sqlalchemy.orm import Session

from services.notifications.messages.models import Message


def suppress(session: Session, message: Message, reason: str) -> None:
    """Nothing more goes to the address that the message went to."""


def obey(session: Session, number: str, body: str) -> None:
    """What somebody has answered: STOP and START count, whatever else it says does not."""


def hashed(channel: str, address: str) -> str:
    """An address as it is compared."""
    return hashlib.sha256(f"{channel}:{address}".encode()).hexdigest()
