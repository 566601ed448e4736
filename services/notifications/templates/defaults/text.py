"""One message type's texts in one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    """Of the e-mail, and the title of a push."""
    email: str = ""
    """HTML, to stand in the frame."""
    sms: str = ""
    push: str = ""
    """Shows on a lock screen: no treatment, no amount."""
