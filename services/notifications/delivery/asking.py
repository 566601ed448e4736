"""Asks, for what is about to be sent, whether it may be: in the transaction that claims it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MARKETING, URGENT
from services.notifications.checks.question import Answer, Asked, answers
from services.notifications.messages.models import Message
from shared.config import Config

NOBODY = UUID(int=0)
BY_HAND = "quick"


def ask(session: Session, config: Config, messages: Sequence[Message], now: datetime) -> dict[UUID, Answer]:
    """The answer for each of them, by its id. Until the transaction ends nobody changes what was asked about."""
    asked = [_asked(message) for message in messages]
    return {
        message.id: answer
        for message, answer in zip(messages, answers(session, asked, config, now=now, lock=True), strict=True)
    }


def _asked(message: Message) -> Asked:
    """How old it may be was looked at already; and what somebody writes by hand, they want to be read now."""
    advertises = message.lane == MARKETING
    return Asked(
        client_id=message.client_id or NOBODY,
        kind=message.kind,
        channel=message.channel,
        promotional=advertises,
        urgent=message.lane == URGENT or (message.type == BY_HAND and not advertises),
        type=message.type,
        business_key=message.business_key if advertises else None,
        message_id=message.id,
    )
