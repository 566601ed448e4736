"""The same message to many clients: rows by one statement, and one for what is said of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import Channel, MessageType
from services.notifications.delivery.states import QUEUED
from services.notifications.messages.actions import row_of
from services.notifications.messages.models import SAID
from shared import clock
from shared.aside import giving_way
from shared.audit import Record, Saying, record_all
from shared.contracts.notifications import MESSAGE_QUEUED
from shared.db import listed, run
from shared.ids import new_id


def queue_many(
    session: Session, kind: MessageType, client_ids: Sequence[UUID], channel: Channel, data: dict[str, Any]
) -> int:
    """A row for each of these clients who is known, less those that are there already; how many were made."""
    row = row_of(kind, data, happened_at=clock.now()) | {"channel": channel}
    values = {name: orjson.dumps(value).decode() if name == "data" else value for name, value in row.items()}
    values |= {"ids": listed(new_id() for _ in client_ids), "client_ids": listed(client_ids)}
    made = run(session, _insert(tuple(row)), values).fetchall()
    record_all(session, [_record(each) for each in giving_way(made)])
    return len(made)


def _insert(names: Sequence[str]) -> str:
    """What is the same for all stands in the row; whom it is for, and their branch, comes from the clients."""
    return f"""
        INSERT INTO messages (id, client_id, recipient, branch_id, {", ".join(names)})
        SELECT each.id, c.id, 'client:' || c.id, c.preferred_branch_id, {", ".join(f"%({name})s" for name in names)}
        FROM unnest(%(ids)s::uuid[], %(client_ids)s::uuid[]) AS each (id, client_id)
        JOIN clients c ON c.id = each.client_id
        WHERE c.erased_at IS NULL
        ON CONFLICT DO NOTHING RETURNING {", ".join(SAID)}
    """


def _record(said: dict[str, Any]) -> Record:
    return Record(
        about=said["client_id"],
        kind="message",
        row_id=said["id"],
        version=1,
        changes={"state": (None, QUEUED)},
        says=[Saying(MESSAGE_QUEUED, said)],
    )
