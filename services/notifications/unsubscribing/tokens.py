"""Tokens in links that stop messages: who, which kind, which channel, and a signature. They never expire.

Nothing of them is kept, so that a link works for as long as the mail it stands in.
"""

import base64
import hmac
from dataclasses import dataclass
from uuid import UUID

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.contact_points.addresses import key_of
from shared.config import Config
from shared.errors import NotFound
from shared.words import Words

NO_LINK = Words("This link is not whole. Open it again from the message, or copy all of it.")
SIGNATURE = 16
"""Bytes of it: nobody guesses them."""


@dataclass(frozen=True, slots=True)
class Token:
    client_id: UUID
    kind: str
    channel: str


def address_of(config: Config, client_id: UUID, kind: str, channel: str) -> str:
    return f"{config.base_url}/portal/u/{token_of(config, Token(client_id, kind, channel))}"


def token_of(config: Config, token: Token) -> str:
    said = token.client_id.bytes + bytes((KINDS.index(token.kind), CHANNELS.index(token.channel)))
    return base64.urlsafe_b64encode(said + _signature(config, said)).decode().rstrip("=")


def read(config: Config, text: str) -> Token:
    """Raises NotFound for one that we did not sign, or not so."""
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NotFound(NO_LINK) from error
    said, signature = whole[:18], whole[18:]
    if not hmac.compare_digest(signature, _signature(config, said)):
        raise NotFound(NO_LINK)
    return Token(UUID(bytes=said[:16]), KINDS[said[16]], CHANNELS[said[17]])


def _signature(config: Config, said: bytes) -> bytes:
    return hmac.digest(key_of(config), b"unsubscribe:" + said, "sha256")[:SIGNATURE]
