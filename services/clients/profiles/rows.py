"""The rows of clients, by as few statements as can be."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.clients.profiles.client import Client
from services.clients.profiles.models import Client as Table
from services.clients.profiles.search_text import search_keys, search_text
from shared import clock
from shared.db import run, to_json

COLUMNS = tuple(column.name for column in Table.__table__.columns)
READ = tuple(name for name in COLUMNS if name != "search_text")
JSON = {"phones", "emails", "address"}

Branches = Collection[UUID] | None
"""Only clients of these branches, or of none yet, may be known of; None: all of the chain's."""

VISIBLE = (
    "(%(within)s::uuid[] IS NULL OR c.preferred_branch_id IS NULL OR c.preferred_branch_id = ANY(%(within)s::uuid[]))"
)

SHOWN = f"""
    {", ".join(f"c.{name}" for name in READ)},
        s.name AS status_name, s.names AS status_names, s.colour AS status_colour,
        CASE WHEN c.tag_ids = '{{}}' THEN '[]' ELSE (
            SELECT coalesce(json_agg(
                json_build_object('id', t.id, 'name', t.name, 'names', t.names, 'colour', t.colour)
                ORDER BY t.position, t.id
            ), '[]') FROM tags t WHERE t.id = ANY(c.tag_ids)
        ) END AS tags,
        b.country AS branch_country, b.time_zone AS branch_zone,
        CASE WHEN c.booking_blocked THEN (
            SELECT e.name FROM employees e WHERE e.id = c.booking_block_by
        ) END AS booking_block_by_name
"""
"""What most clients have none of is not even looked for: a statement as small as this one costs what it opens."""
FROM = """
    FROM clients c
    JOIN statuses s ON s.id = c.status_id
    LEFT JOIN branches b ON b.id = c.preferred_branch_id
"""
CLIENT = f"SELECT {SHOWN} {FROM}"
"""A client with what is shown beside them."""

FIND = f"{CLIENT} WHERE c.id = %(id)s AND {VISIBLE}"
LOCK = f"{FIND} FOR NO KEY UPDATE OF c"


def find(session: Session | Connection, client_id: UUID, within: Branches = None) -> Client | None:
    """The client, unless there is none or the one who asks may not know of them."""
    return run(session, FIND, {"id": client_id, "within": _ids(within)}).fetchone()


def lock(session: Session, client_id: UUID, within: Branches = None) -> Client | None:
    """The client, locked against change until the transaction ends."""
    return run(session, LOCK, {"id": client_id, "within": _ids(within)}).fetchone()


def insert(session: Session, client: Client) -> dict[str, Any]:
    """Writes a new client; answers them with what is shown beside them."""
    row = {**client, "search_text": search_text(client)}
    shown_beside = run(session, INSERT, {**_bound(row), "keys": sorted(search_keys(client))}).fetchone()
    return {**client, **(shown_beside or {})}


def update(session: Session, client: Client, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Writes what changes of a locked client, and counts their version; answers the client after it."""
    values = {**changes, "version": client["version"] + 1, "changed_at": clock.now()}
    after = {**client, **values}
    before_keys, after_keys = search_keys(client), search_keys(after)
    if before_keys == after_keys:
        run(session, _update(tuple(values)), {**_bound(values), "id": client["id"]})
        return after
    values["search_text"] = search_text(after)
    keys = {"gone": sorted(before_keys - after_keys), "new": sorted(after_keys - before_keys)}
    run(session, _update_found(tuple(values)), {**_bound(values), **keys, "id": client["id"]})
    return after


def _ids(branches: Branches) -> list[UUID] | None:
    return None if branches is None else list(branches)


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns as the driver takes them."""
    return {
        name: to_json(value) if name in JSON and value is not None else value
        for name, value in row.items()
        if name in COLUMNS
    }


def _place(name: str) -> str:
    return f"%({name})s::jsonb" if name in JSON else f"%({name})s"


INSERT = f"""
    WITH client AS (
        INSERT INTO clients ({", ".join(COLUMNS)}) VALUES ({", ".join(_place(name) for name in COLUMNS)})
    ), keys AS (
        INSERT INTO search_keys (key, client_id) SELECT key, %(id)s FROM unnest(%(keys)s::text[]) AS key
    )
    SELECT s.name AS status_name, s.names AS status_names, s.colour AS status_colour, '[]'::json AS tags,
        b.country AS branch_country, b.time_zone AS branch_zone, NULL AS booking_block_by_name
    FROM statuses s LEFT JOIN branches b ON b.id = %(preferred_branch_id)s::uuid WHERE s.id = %(status_id)s
"""


@cache
def _update(columns: tuple[str, ...]) -> str:
    assignments = ", ".join(f"{name} = {_place(name)}" for name in columns)
    return f"UPDATE clients SET {assignments} WHERE id = %(id)s"


@cache
def _update_found(columns: tuple[str, ...]) -> str:
    """An update that also changes by what the client is found."""
    return f"""
        WITH client AS ({_update(columns)}), gone AS (
            DELETE FROM search_keys WHERE client_id = %(id)s AND key = ANY(%(gone)s::text[])
        )
        INSERT INTO search_keys (key, client_id) SELECT key, %(id)s FROM unnest(%(new)s::text[]) AS key
    """
