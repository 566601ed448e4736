"""Reads what mail servers report: bounces (RFC 3464) and complaints (RFC 5965). Pure."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any
from uuid import UUID

OURS = re.compile(r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:@[^>]*)?>?")
HARD = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.0.0")


class NoReport(Exception):
    """The text is no report that we can read, or not about a message of ours."""


@dataclass(frozen=True, slots=True)
class Report:
    message_id: UUID
    what: str
    """bounced, delivered, delayed or complained."""
    reason: str
    is_hard: bool = False
    """Nobody will ever read mail at the address."""


def read(raw: bytes) -> Report:
    """Raises NoReport."""
    message = message_from_bytes(raw, policy=policy.default)
    kind = str(message.get_param("report-type") or "").lower() if message.is_multipart() else ""
    if kind == "delivery-status":
        return _bounce(message)
    if kind == "feedback-report":
        found = _part(message, "message/feedback-report")
        about = str(_fields(found).get("Feedback-Type", "abuse")).strip().lower()
        return Report(_ours(message), "complained", re.sub(r"[^a-z-]", "", about)[:30] or "abuse")
    raise NoReport


def _bounce(message: Message) -> Report:
    blocks = [each for each in _part(message, "message/delivery-status").walk() if each.get("Action")]
    if not blocks:
        raise NoReport
    action = str(blocks[0]["Action"]).strip().lower()
    found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", str(blocks[0].get("Status", "")))
    status = found.group(1) if found else "5.0.0"
    what = {"failed": "bounced", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}
    return Report(_ours(message), what.get(action, "delayed"), f"smtp_{status}", status in HARD)


def _part(message: Message, content_type: str) -> Message:
    found = next((part for part in message.walk() if part.get_content_type() == content_type), None)
    if found is None:
        raise NoReport
    return found


def _fields(part: Message) -> Message:
    """A feedback report is a block of headers, which the parser takes for a message or for text."""
    inner: Any = part.get_payload()
    if isinstance(inner, list) and inner:
        block: Message = inner[0]
        return block
    return message_from_bytes(_bytes(part), EmailMessage)


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _ours(message: Message) -> UUID:
    """Our id, from the headers of the message that comes back."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            returned: Message = message_from_bytes(_bytes(part))
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            returned = inner[0] if isinstance(inner, list) else message_from_bytes(b"")  # type: ignore[assignment]
        else:
            continue
        for name in ("X-Foyer-Message", "Message-ID"):
            if found := OURS.fullmatch(str(returned.get(name, "")).strip()):
                return UUID(found.group(1))
    raise NoReport
