"""Who changed which field from what to what, when, where and why: a row per change, in the change's transaction.

`record` writes the audit and what is to be said of it in one statement, since round trips are what an action costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from shared import clock
from shared.actor import Context, current
from shared.aside import giving_way
from shared.contracts.contract import Contract
from shared.db import run
from shared.events.envelope import encode

Changes = Mapping[str, tuple[Any, Any]]
"""Field name to (from, to), in the shape that the API shows."""


@dataclass(frozen=True)
class Saying:
    """An event to emit with a change. Without a subject and a version it speaks of the row that changed."""

    contract: Contract
    data: dict[str, Any]
    subject: UUID | None = None
    version: int | None = None


RECORD = """
    WITH said AS (
        INSERT INTO outbox (event_id, type, body, at)
        SELECT event.event_id, event.type, event.body, %(at)s
        FROM json_to_recordset(%(events)s) AS event (event_id uuid, type text, body text)
    )
    INSERT INTO audit (about, kind, row_id, version, at, actor, on_behalf_of, channel, correlation_id, reason, changes)
    VALUES (%(about)s, %(kind)s, %(row_id)s, %(version)s, %(at)s, %(actor)s, %(on_behalf_of)s, %(channel)s,
            %(correlation_id)s, %(reason)s, %(changes)s)
"""
"""Events go as JSON: the driver takes an array of texts apart letter by letter."""


@dataclass(frozen=True)
class Record:
    """A change to one row, for many to be written at once."""

    about: UUID
    kind: str
    row_id: UUID
    version: int
    changes: Changes
    says: Sequence[Saying] = ()
    reason: str | None = None


def record(
    session: Session,
    *,
    about: UUID,
    kind: str,
    row_id: UUID | None = None,
    version: int,
    changes: Changes,
    says: Sequence[Saying] = (),
    reason: str | None = None,
) -> None:
    """Writes down a change to `kind` `row_id`, listed under `about`, and emits its events.

    `version` is the row's new version; call it under the row's lock. Sensitive values are the caller's to leave out.
    """
    context = current()
    row_id = row_id or about
    values = {
        "events": orjson.dumps(_events(says, row_id, version, context)).decode(),
        "about": about,
        "kind": kind,
        "row_id": row_id,
        "version": version,
        "at": clock.now(),
        "actor": context.actor,
        "on_behalf_of": context.on_behalf_of,
        "channel": context.channel,
        "correlation_id": context.correlation_id,
        "reason": reason,
        "changes": orjson.dumps(changes).decode(),
    }
    run(session, RECORD, values)


RECORD_ALL = """
    WITH said AS (
        INSERT INTO outbox (event_id, type, body, at)
        SELECT event.event_id, event.type, event.body, %(at)s
        FROM json_to_recordset(%(events)s) AS event (event_id uuid, type text, body text)
    )
    INSERT INTO audit (about, kind, row_id, version, at, actor, on_behalf_of, channel, correlation_id, reason, changes)
    SELECT about, kind, row_id, version, %(at)s, %(actor)s, %(on_behalf_of)s, %(channel)s, %(correlation_id)s, reason,
           changes
    FROM json_to_recordset(%(records)s) AS record
         (about uuid, kind text, row_id uuid, version integer, reason text, changes jsonb)
"""


def record_all(session: Session, records: Sequence[Record]) -> None:
    """`record` for many changes, in one statement and in their order: for what is done by the hundred."""
    context = current()
    events = [event for each in giving_way(records) for event in _events(each.says, each.row_id, each.version, context)]
    rows = [
        {name: getattr(each, name) for name in ("about", "kind", "row_id", "version", "reason", "changes")}
        for each in records
    ]
    values = {
        "events": orjson.dumps(events).decode(),
        "records": orjson.dumps(rows).decode(),
        "at": clock.now(),
        "actor": context.actor,
        "on_behalf_of": context.on_behalf_of,
        "channel": context.channel,
        "correlation_id": context.correlation_id,
    }
    run(session, RECORD_ALL, values)


def _events(says: Sequence[Saying], row_id: UUID, version: int, context: Context) -> list[dict[str, Any]]:
    """What is said, as rows of the outbox."""
    rows = []
    for said in says:
        event_id, body = encode(
            said.contract,
            subject=said.subject or row_id,
            version=said.version or version,
            data=said.data,
            context=context,
        )
        rows.append({"event_id": event_id, "type": said.contract.type, "body": body})
    return rows


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of `after` that differ from `before`."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


@dataclass(frozen=True)
class Entry:
    position: int
    kind: str
    row_id: UUID
    version: int
    at: datetime
    actor: str
    channel: str
    reason: str | None
    changes: dict[str, list[Any]]
    correlation_id: str


def entries(session: Session | Connection, about: UUID, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """What happened to it, newest first; `before` is the position to go on from."""
    rows = session.execute(
        text(
            "SELECT position, kind, row_id, version, at, actor, channel, reason, changes, correlation_id FROM audit"
            " WHERE about = :about AND (CAST(:before AS bigint) IS NULL OR position < :before)"
            " ORDER BY position DESC LIMIT :limit"
        ),
        {"about": about, "before": before, "limit": limit},
    )
    return [Entry(*row) for row in rows]


def since(
    session: Session | Connection, about: UUID, kind: str, version: int, row_id: UUID | None = None
) -> list[Entry]:
    """What changed the row after it had this version, oldest first: what a stale editor has not seen.

    `row_id` where several rows of the kind are listed under what it is about, such as the credits of a client.
    """
    rows = session.execute(
        text(
            "SELECT position, kind, row_id, version, at, actor, channel, reason, changes, correlation_id FROM audit"
            " WHERE about = :about AND kind = :kind AND version > :version"
            " AND row_id = coalesce(CAST(:row_id AS uuid), row_id) ORDER BY position"
        ),
        {"about": about, "kind": kind, "version": version, "row_id": row_id},
    )
    return [Entry(*row) for row in rows]
