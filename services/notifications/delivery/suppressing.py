"""Keeps away from an address that nobody can be reached at, or that said stop."""

from sqlalchemy.orm import Session

from services.notifications.messages.models import Message
from services.notifications.suppressions import actions
from services.notifications.suppressions.keywords import START, STOP, command
from services.notifications.suppressions.stopping import start, stop


def suppress(session: Session, message: Message, reason: str) -> None:
    """Nothing more goes to the address that the message went to. A browser that is gone has been forgotten already,
    and an address that was purged is of a message too old for anybody to hear of."""
    if message.channel == "push" or message.address is None:
        return
    if reason == "stop":
        stop(session, message.address)
    else:
        actions.suppress(session, message.channel, message.address, reason)


def obey(session: Session, number: str, body: str) -> None:
    """What somebody has answered: STOP and START count, whatever else it says does not."""
    said = command(body)
    if said == STOP:
        stop(session, number)
    elif said == START:
        start(session, number)
