"""Who writes, and how a person makes it stop."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.notifications.messages.models import Message
from shared.config import Config


def sender(session: Session, message: Message) -> Mapping[str, str]:
    """The branch's own sender, where it has one."""
    return {}


def unsubscribe(config: Config, message: Message) -> str | None:
    """The page that stops messages of this kind; none for what cannot be switched off."""
    return None
