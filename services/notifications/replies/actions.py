"""Keeps what people answer, who of the staff has read it, and does at once what STOP and START say."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.contact_points.addresses import hashed
from services.notifications.delivery import suppressing
from services.notifications.messages.models import Message
from services.notifications.replies.models import Reply
from shared import clock
from shared.actor import current
from shared.audit import Saying, record
from shared.contracts.notifications import MESSAGE_REPLIED
from shared.ids import new_id


def take(session: Session, provider_id: str, number: str, body: str) -> None:
    """Once, however often the provider tells it."""
    last = (
        select(Message)
        .where(Message.channel == "sms", Message.address_hash == hashed(session, "sms", number))
        .where(Message.sent_at.is_not(None))
        .order_by(Message.sent_at.desc())
        .limit(1)
    )
    answered = session.scalar(last)
    row = {
        "id": new_id(),
        "client_id": answered.client_id if answered else None,
        "message_id": answered.id if answered else None,
        "number": number,
        "body": body[:2000],
        "provider_id": provider_id,
        "received_at": clock.now(),
    }
    made = insert(Reply).values(row).on_conflict_do_nothing(index_elements=["provider_id"]).returning(Reply)
    reply = session.scalar(made)
    if reply is None:
        return
    suppressing.obey(session, number, body)
    said = {name: row[name] for name in ("client_id", "message_id")} | {"id": reply.id, "channel": "sms"}
    record(
        session,
        about=reply.client_id or reply.id,
        kind="reply",
        row_id=reply.id,
        version=1,
        changes={"received_at": (None, row["received_at"])},
        says=[Saying(MESSAGE_REPLIED, said)],
    )


def read(session: Session, reply_id: UUID) -> None:
    """Somebody has read it; who says so later changes nothing."""
    reply = session.get_one(Reply, reply_id, with_for_update=True)
    if reply.read_at is not None:
        return
    reply.read_at, reply.read_by = clock.now(), current().actor
    session.flush()
    about, changes = reply.client_id or reply.id, {"read_at": (None, reply.read_at)}
    record(session, about=about, kind="reply", row_id=reply.id, version=2, changes=changes)
