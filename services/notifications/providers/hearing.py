"""What a provider tells later becomes the message's state."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.delivery import settling, suppressing
from services.notifications.delivery.states import BOUNCED, COMPLAINED, DELIVERED
from services.notifications.providers.email.reports import Report
from services.notifications.providers.port import Refused, Sent


def hear_report(session: Session, report: Report) -> bool:
    """Whether it is about a message of ours. One that is delayed may still arrive, and changes nothing."""
    message = settling.locked(session, report.message_id)
    if message is None or message.channel != "email":
        return False
    if report.what == "complained":
        suppressing.suppress(session, message, "complaint")
        settling.move(session, message, COMPLAINED, report.reason)
    elif report.what == "bounced":
        if report.is_hard:
            suppressing.suppress(session, message, "hard_bounce")
        settling.move(session, message, BOUNCED, report.reason)
    elif report.what == "delivered":
        settling.move(session, message, DELIVERED)
    return True


def hear_status(session: Session, message_id: UUID, outcome: Sent | Refused) -> bool:
    """A callback about an SMS, in whatever order they come."""
    message = settling.locked(session, message_id)
    if message is None or message.channel != "sms":
        return False
    settling.conclude(session, message, outcome, "twilio")
    return True
