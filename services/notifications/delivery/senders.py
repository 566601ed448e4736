"""Who writes, and how a person makes it stop."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.messages.models import Message
from services.notifications.settings.actions import rules_of
from services.notifications.unsubscribing.tokens import address_of
from shared.config import Config


def of(session: Session, messages: Sequence[Message]) -> dict[UUID | None, Mapping[str, str]]:
    """By branch, its sender or the chain's; empty where neither has set one."""
    branch_ids = {message.branch_id for message in messages}
    if not branch_ids:
        return {}
    return {branch_id: rules.sender for branch_id, rules in rules_of(session, branch_ids).items()}


def unsubscribe(config: Config, message: Message) -> str | None:
    """The page that stops messages of this kind; none for what cannot be switched off."""
    if message.channel != "email" or message.kind == "contract" or message.client_id is None:
        return None
    return address_of(config, message.client_id, message.kind, message.channel)
