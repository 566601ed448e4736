"""An e-mail as bytes: text and HTML, headers for one-click unsubscribing (RFC 8058), signed where there is a key. Pure
but for the key."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import dkim

from services.notifications.providers.port import Outgoing
from shared import clock

SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
POLICY = SMTP.clone(max_line_length=200)


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
    return f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2] or 'foyer.invalid'}>"


def built(message: Outgoing, sender: str) -> EmailMessage:
    """The e-mail without a signature. Raises ValueError for an address or a header that cannot be written."""
    mail = EmailMessage(policy=POLICY)
    name, address = parseaddr(message.sender.get("from") or sender)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.first_tried_at or clock.now())
    mail["Message-ID"] = message_id(message, sender)
    mail["X-Foyer-Message"] = str(message.id)  # some providers put a Message-ID of their own
    mail["Auto-Submitted"] = "auto-generated"
    if message.sender.get("reply_to"):
        mail["Reply-To"] = Address(addr_spec=message.sender["reply_to"])
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail


def as_bytes(message: Outgoing, sender: str, signer: Signer | None) -> bytes:
    plain = built(message, sender).as_bytes()
    return signer.signature(plain) + plain if signer else plain
