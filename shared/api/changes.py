"""`GET …/{id}/changes`: who changed what, newest first, the same for every noun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shared import audit
from shared.api.fields import Shape, fields
from shared.api.pages import PageQuery, decode_cursor, page, page_of, whole
from shared.api.platform import reading

Names = Callable[[Any, set[UUID]], Mapping[UUID, str]]
"""The names of people, as far as the service knows them; the first argument is a connection or a session."""


class Change(Shape):
    at = fields.AwareDateTime(required=True)
    actor = fields.String(required=True, metadata={"description": "`staff:<id>`, `client:<id>`, `machine:<id>` …"})
    actor_name = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True, metadata={"description": "console, portal, api, import or event"})
    kind = fields.String(required=True, metadata={"description": "what was changed"})
    row_id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"description": "of the row, after the change"})
    reason = fields.String(required=True, allow_none=True)
    changes = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "by field, a list of what was and what is"}
    )
    correlation_id = fields.String(required=True)


Changes = page_of(Change, "Changes")


def changes_of(about: UUID, query: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A page of what happened to it; `query` is a PageQuery."""
    place = decode_cursor(query.get("cursor"), whole)
    with reading() as connection:
        found = audit.entries(connection, about, before=place[0] if place else None, limit=query["limit"] + 1)
        entries = page(found, query["limit"], lambda entry: [entry.position])
        return entries | {"items": shown(connection, entries["items"], names)}


def shown(session: Connection | Session, entries: Sequence[audit.Entry], names: Names) -> list[dict[str, Any]]:
    """Entries of the audit as people read them, with the names of those who did it."""
    known = names(session, {actor for entry in entries if (actor := _id(entry.actor))})
    return [_shown(entry, known) for entry in entries]


def _shown(entry: audit.Entry, known: Mapping[UUID, str]) -> dict[str, Any]:
    actor = _id(entry.actor)
    return asdict(entry) | {"actor_name": known.get(actor) if actor else None}


def _id(actor: str) -> UUID | None:
    kind, _, name = actor.partition(":")
    return None if kind == "service" else UUID(name)


__all__ = ["Change", "Changes", "Names", "PageQuery", "changes_of", "shown"]
