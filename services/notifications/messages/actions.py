"""Makes messages, and takes back those that have become pointless."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MARKETING, Data, MessageType
from services.notifications.copies.models import Branch, Client
from services.notifications.delivery.states import QUEUED, SUPPRESSED, WAITING, WITHDRAWN
from services.notifications.messages.models import Beginning, Message
from shared import clock
from shared.actor import current
from shared.audit import Record, Saying, record_all
from shared.contracts.notifications import MESSAGE_QUEUED, MESSAGE_SUPPRESSED
from shared.db import run
from shared.errors import Retry
from shared.events.envelope import Event
from shared.ids import new_id

UTC = "UTC"
ADDING = insert(Message).on_conflict_do_nothing().returning(Message)
"""With the rows beside it: a statement that holds them is compiled anew each time, which takes longer than it runs."""


def tell(session: Session, kind: MessageType, event: Event) -> None:
    """What the event calls for, one message for each channel of its type. Raises Retry while the client is unknown.

    None for what was imported, and for what happened before this database began: a stream that is read again from its
    start tells nobody anything.
    """
    client_id = client_named(kind, event.data)
    if event.channel == "import" or client_id is None or not kind.when(event.data):
        return
    if event.time < (session.scalar(select(Beginning.at)) or event.time):
        return
    client = session.get(Client, client_id)
    if client is None:
        raise Retry(f"client {client_id} is not known yet")
    queue(
        session,
        kind,
        client,
        channels=kind.channels,
        data=dict(event.data),
        happened_at=event.time,
        branch_id=UUID(branch) if (branch := event.data.get("branch_id")) else client.preferred_branch_id,
        event_id=event.id,
    )


def client_named(kind: MessageType, data: Data) -> UUID | None:
    """Whom it is for: the first of the members named that holds somebody."""
    return next((UUID(found) for member in kind.to.split("|") if (found := data.get(member))), None)


def queue(
    session: Session,
    kind: MessageType,
    client: Client,
    *,
    channels: Iterable[str],
    data: dict[str, Any],
    happened_at: datetime,
    branch_id: UUID | None,
    event_id: UUID | None = None,
    secret: dict[str, str] | None = None,
    as_kind: str | None = None,
) -> list[Message]:
    """The rows from which it is sent, less those that are there already: the same type to the same person by the same
    channel about the same thing is one message. What is too old is kept as such, and not sent."""
    row = row_of(kind, data, happened_at=happened_at) | {
        "kind": as_kind or kind.kind,
        "lane": MARKETING if as_kind == "marketing" else kind.lane,
        "client_id": client.id,
        "recipient": f"client:{client.id}",
        "branch_id": branch_id,
        "event_id": event_id,
        "secret": secret,
        "not_after": _not_after(session, kind, data, branch_id),
    }
    rows = [{**row, "id": new_id(), "channel": channel} for channel in channels]
    messages = list(session.scalars(ADDING, rows))
    say(session, messages, before=None)
    return messages


def row_of(kind: MessageType, data: dict[str, Any], *, happened_at: datetime) -> dict[str, Any]:
    """What is the same for whoever it goes to, by whatever channel."""
    now = clock.now()
    begins = happened_at + kind.after
    stale_after = begins + kind.greatest_age
    stale = stale_after < now
    return {
        "version": 1,
        "type": kind.name,
        "kind": kind.kind,
        "lane": kind.lane,
        "business_key": kind.key.format_map(data),
        "about": kind.about.format_map(data) if kind.about else None,
        "created_at": now,
        "created_by": current().actor,
        "data": data,
        "state": SUPPRESSED if stale else QUEUED,
        "reason": "stale" if stale else None,
        "stale_after": stale_after,
        "due_at": None if stale else max(now, begins),
        "ended_at": now if stale else None,
        "attempts": 0,
    }


def _not_after(session: Session, kind: MessageType, data: Data, branch_id: UUID | None) -> datetime | None:
    """The moment, or the end of the day where the branch is."""
    if kind.not_after is None or (value := data.get(kind.not_after)) is None:
        return None
    if "T" in value:
        return datetime.fromisoformat(value)
    branch = session.get(Branch, branch_id) if branch_id else None
    day = datetime.fromisoformat(value).date() + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(branch.time_zone if branch else UTC))


POINTLESS = f"""
    SELECT id FROM messages
    WHERE (type, about) IN (SELECT * FROM unnest(%(types)s::text[], %(abouts)s::text[]))
      AND state IN {WAITING} AND claimed_at IS NULL AND created_at <= %(at)s
    FOR UPDATE
"""


def withdraw(session: Session, kinds: Sequence[MessageType], event: Event) -> None:
    """Takes back what has become pointless. What a worker has in hand at this moment may still go out."""
    meant = {kind.name: kind.about.format_map(event.data) for kind in kinds if kind.about}
    values = {"types": list(meant), "abouts": list(meant.values()), "at": event.time}
    ids = [row["id"] for row in run(session, POINTLESS, values)]
    if not ids:  # as nearly always
        return
    gone = (
        update(Message)
        .where(Message.id.in_(ids))
        .values(state=WITHDRAWN, reason="withdrawn", due_at=None, secret=None, ended_at=clock.now())
        .values(version=Message.version + 1)
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    say(session, list(session.scalars(gone)), before=QUEUED)


def say(session: Session, messages: Sequence[Message], before: str | None) -> None:
    """Records that they are new, or will not be sent."""
    if not messages:
        return
    says = {QUEUED: MESSAGE_QUEUED}
    record_all(
        session,
        [
            Record(
                about=message.client_id or message.id,
                kind="message",
                row_id=message.id,
                version=message.version,
                changes={"state": (before, message.state)},
                says=[Saying(says.get(message.state, MESSAGE_SUPPRESSED), message.said())],
                reason=message.reason,
            )
            for message in messages
        ],
    )
