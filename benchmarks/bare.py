"""The limits over HTTP: the statements of our routes by bare psycopg, in the same gunicorn, without any of our code."""

import queue
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
import psycopg
from psycopg.rows import dict_row

from services.clients.profiles.models import Client
from services.clients.profiles.rows import FIND

EVENT = orjson.dumps({"specversion": "1.0", "data": {"text": "x" * 900}}).decode()
CHANGES = '{"last_name": ["a", "b"]}'
SAY = "INSERT INTO outbox (event_id, type, body, at) VALUES (%s, 'clients.client.updated.v1', %s, %s)"
AUDIT = (
    "INSERT INTO audit (about, kind, row_id, version, at, actor, channel, correlation_id, changes)"
    " VALUES (%s, 'client', %s, 1, %s, 'staff:x', 'api', 'x', %s)"
)
COLUMNS = ", ".join(column.name for column in Client.__table__.columns if column.name != "id")
LIKELY = (
    "SELECT c.id, c.first_name, c.middle_name, c.last_name FROM unnest(%s::text[]) AS k (key)"
    " CROSS JOIN LATERAL (SELECT client_id FROM search_keys WHERE key = k.key OFFSET 0) AS found"
    " CROSS JOIN LATERAL (SELECT * FROM clients WHERE id = found.client_id OFFSET 0) AS c"
    " WHERE c.archived_at IS NULL LIMIT 10"
)
COPY = (
    "WITH keys AS (INSERT INTO search_keys (key, client_id) SELECT key, %s FROM unnest(%s::text[]) AS key)"
    f" INSERT INTO clients (id, {COLUMNS}) SELECT %s, {COLUMNS} FROM clients WHERE id = %s"
)
CHANGE = (
    "WITH gone AS (DELETE FROM search_keys WHERE client_id = %s AND key = %s),"
    " new AS (INSERT INTO search_keys (key, client_id) VALUES (%s, %s) ON CONFLICT DO NOTHING)"
    " UPDATE clients SET last_name = %s, search_text = %s, version = version + 1 WHERE id = %s"
)


STANDING = (
    "SELECT c.id, c.archived_at IS NOT NULL AS archived, c.booking_blocked, d.service_id, s.name FROM clients c"
    " LEFT JOIN dislikes d ON d.client_id = c.id LEFT JOIN services s ON s.id = d.service_id"
    " WHERE c.id = %s"
)


class Bare:
    """A WSGI application: `/bare/<verb>/<client id>`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: queue.LifoQueue[psycopg.Connection[dict[str, Any]]] = queue.LifoQueue()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        verb, _, name = environ["PATH_INFO"].removeprefix("/bare/").partition("/")
        sent = environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b""
        body = getattr(self, verb)(name, orjson.loads(sent) if sent else None)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def get(self, name: str, _: Any) -> bytes:
        with self._connection() as session:
            session.autocommit = True
            row = session.execute(FIND, {"id": name, "within": None}).fetchone()
            session.autocommit = False
        return orjson.dumps(row)

    def patch(self, name: str, sent: dict[str, Any]) -> bytes:
        with self._connection() as session:
            row = session.execute("SELECT * FROM clients WHERE id = %s FOR UPDATE", (name,)).fetchone()
            assert row
            old, new = (f"n{of['last_name'].split()[-1]}" for of in (row, sent))
            values = (sent["last_name"], f" ana {sent['last_name']}", name)
            session.execute(CHANGE, (name, old, new, name, *values))
            self._record(session, name)
            session.commit()
        return orjson.dumps(row)

    def post(self, name: str, sent: dict[str, Any]) -> bytes:
        """A new row, as wide as one that is there, and what it is found by, after a look for the same person."""
        new = str(uuid4())
        with self._connection() as session:
            found = session.execute(LIKELY, ([f"p{new}", f"e{new}"],)).fetchall()
            session.execute(COPY, (new, [f"{place}{new}" for place in range(6)], new, name))
            self._record(session, new)
            session.commit()
        return orjson.dumps({"id": new, "found": found, **sent})

    def check(self, name: str, sent: dict[str, Any]) -> bytes:
        with self._connection() as session:
            session.autocommit = True
            rows = session.execute(STANDING, (name,)).fetchall()
            session.autocommit = False
        return orjson.dumps({"decision": "allow", "reasons": [], "rows": len(rows), **sent})

    def _record(self, session: psycopg.Connection[Any], name: str) -> None:
        now = datetime.now(UTC)
        session.execute(AUDIT, (name, name, now, CHANGES))
        session.execute(SAY, (uuid4(), EVENT, now))

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        try:
            session = self._idle.get_nowait()
        except queue.Empty:
            session = psycopg.connect(self._url, row_factory=dict_row)
        yield session
        self._idle.put(session)
