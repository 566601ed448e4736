"""Sends e-mail by SMTP, over one connection that is kept."""

import re
import smtplib
import ssl
from email.utils import parseaddr

from services.notifications.providers.email.mime import Signer, as_bytes
from services.notifications.providers.port import Down, Later, Outcome, Outgoing, Refused, Sent
from shared.config import Config

SECONDS = 10.0
NO_SUCH_ADDRESS = re.compile(r"\b5\.(1\.[0-36]|2\.1)\b")
"""Enhanced status codes (RFC 3463) that say that nobody will ever read mail there."""
POLICY = re.compile(r"\b5\.[37]\.\d+\b")
"""And those that say something about us, the server or the message, and nothing about the address."""


class Smtp:
    name = "smtp"
    channel = "email"
    repeats = True

    def __init__(self, config: Config) -> None:
        self._config = config.messaging
        self._password = config.secret("smtp-password") if config.messaging.smtp_user else ""
        self._signer = _signer(config)
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> Outcome:
        sender = self._config.email_from
        try:
            raw = as_bytes(message, sender, self._signer)
        except (ValueError, UnicodeError):
            return Refused("invalid_address", suppress="invalid")
        return_path = parseaddr(message.sender.get("from") or sender)[1]
        kept = self._connection is not None
        outcome = self._try(return_path, message.address, raw)
        if kept and self._connection is None and isinstance(outcome, Later):
            return self._try(return_path, message.address, raw)  # the server had closed what we had kept
        return outcome

    def find(self, message: Outgoing) -> Outcome | None:
        return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, sender: str, recipient: str, raw: bytes) -> Outcome:
        if self._connection is None and (trouble := self._connect()):
            return trouble
        assert self._connection is not None
        try:
            self._connection.sendmail(sender, [recipient], raw)
            return Sent()
        except smtplib.SMTPRecipientsRefused as error:
            return self._refusal(*error.recipients[recipient])
        except smtplib.SMTPSenderRefused as error:
            return self._about_us(error.smtp_code, "sender_refused")
        except smtplib.SMTPDataError as error:
            return self._refusal(error.smtp_code, error.smtp_error)
        except (UnicodeError, smtplib.SMTPNotSupportedError):
            return Refused("invalid_address", suppress="invalid")
        except (smtplib.SMTPException, OSError):
            self.close()
            return Later("connection_lost")

    def _connect(self) -> Outcome | None:
        config = self._config
        try:
            made = smtplib.SMTP_SSL if config.smtp_security == "tls" else smtplib.SMTP
            connection = made(config.smtp_host, config.smtp_port, timeout=SECONDS)
            if config.smtp_security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if config.smtp_user:
                connection.login(config.smtp_user, self._password)
        except smtplib.SMTPAuthenticationError:
            return Down("not_let_in", after=60.0)
        except (smtplib.SMTPException, OSError):
            return Down("cannot_connect")
        self._connection = connection
        return None

    def _refusal(self, code: int, said: bytes | str) -> Outcome:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        if code == 421:
            self.close()
            return Down("server_busy")
        if code < 500:
            return Later(f"smtp_{code}")
        if NO_SUCH_ADDRESS.search(words) or (code in (550, 551, 553) and not POLICY.search(words)):
            return Refused(f"smtp_{code}", bounced=True, suppress="hard_bounce")
        return Refused(f"smtp_{code}", bounced=True)

    def _about_us(self, code: int, reason: str) -> Outcome:
        """No fault of the message: somebody has to look at the settings, or the server takes nothing now."""
        self.close()
        return Down(reason if code >= 500 else f"smtp_{code}")


def _signer(config: Config) -> Signer | None:
    messaging = config.messaging
    if not messaging.dkim_domain:
        return None
    return Signer(messaging.dkim_domain, messaging.dkim_selector, config.secret("dkim-key").encode())
