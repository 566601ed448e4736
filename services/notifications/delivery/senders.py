"""How a person makes messages stop."""

from services.notifications.messages.models import Message
from services.notifications.unsubscribing.tokens import address_of
from shared.config import Config


def unsubscribe(config: Config, message: Message) -> str | None:
    """The page that stops messages of this kind; none for what cannot be switched off."""
    if message.channel != "email" or message.kind == "contract" or message.client_id is None:
        return None
    return address_of(config, message.client_id, message.kind, message.channel)
