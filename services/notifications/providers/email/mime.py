"""An e-mail as bytes: text and HTML, headers for one-click unsubscribing (RFC 8058), signed where there is a key. Pure
but for the key."""

from binascii import b2a_qp
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache, lru_cache
from typing import TypeVar

import dkim

from services.notifications.providers.port import Outgoing
from shared import clock

SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


class Headers(HeaderRegistry):
    """Remembers the class of each header: Python's own makes a new one whenever a header is set or looked at."""

    @cache  # noqa: B019 - there is one
    def __getitem__(self, name: str) -> type[BaseHeader]:
        return super().__getitem__(name)


Part = TypeVar("Part", bound=Message)
POLICY = SMTP.clone(max_line_length=200, header_factory=Headers())


@lru_cache(100)
def _header(name: str, value: str) -> BaseHeader:
    """A header that many mails have alike, read once: to read one takes longer than to write it."""
    return POLICY.header_factory(name, value)


@lru_cache(100)
def _from(sender: str) -> BaseHeader:
    name, address = parseaddr(sender)
    return POLICY.header_factory("From", Address(name, addr_spec=address))


@lru_cache(100)
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "foyer.invalid"


MULTIPART = 'multipart/alternative; boundary="=_foyer"'
"""The boundary stands in no part: in quoted-printable an = has a digit or a line's end behind it (RFC 2045, 6.7)."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's DKIM key."""

    domain: str
    selector: str
    key: bytes

    def signature(self, message: bytes) -> bytes:
        return bytes(
            dkim.sign(message, self.selector.encode(), self.domain.encode(), self.key, include_headers=list(SIGNED))
        )


def message_id(message: Outgoing, sender: str) -> str:
    """The same at every try, so that a mail program shows a repeat once."""
    return f"<{message.id}@{_domain(sender)}>"


def built(message: Outgoing, sender: str) -> EmailMessage:
    """The e-mail without a signature. Raises ValueError for an address or a header that cannot be written."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _from(message.sender.get("from") or sender)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.first_tried_at or clock.now())
    mail["Message-ID"] = message_id(message, sender)
    mail["X-Foyer-Message"] = str(message.id)  # some providers put a Message-ID of their own
    mail["Auto-Submitted"] = _header("Auto-Submitted", "auto-generated")
    if message.sender.get("reply_to"):
        mail["Reply-To"] = Address(addr_spec=message.sender["reply_to"])
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = _header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    mail["MIME-Version"] = _header("MIME-Version", "1.0")
    if not message.html:
        return _filled(mail, message.text, "plain")
    mail["Content-Type"] = _header("Content-Type", MULTIPART)
    plain, html = Message(policy=POLICY), Message(policy=POLICY)
    mail.set_payload([_filled(plain, message.text, "plain"), _filled(html, message.html, "html")])
    return mail


def _filled(part: Part, text: str, subtype: str) -> Part:
    """As `set_content` does, which encodes letter by letter in Python: for a mail of ours that is half of the work."""
    part["Content-Type"] = _header("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _header("Content-Transfer-Encoding", "quoted-printable")
    part.set_payload(b2a_qp(b"".join(line + b"\n" for line in text.encode().splitlines())).decode("ascii"))
    return part


def as_bytes(message: Outgoing, sender: str, signer: Signer | None) -> bytes:
    plain = built(message, sender).as_bytes()
    return signer.signature(plain) + plain if signer else plain
