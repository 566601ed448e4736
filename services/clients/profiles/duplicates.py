"""Clients who may be the same person: they have a telephone number or an e-mail address in common."""

from typing import Any

from sqlalchemy.orm import Session

from services.clients.profiles.client import Client, name_of
from services.clients.profiles.search_text import EMAIL, email_key, phone_key
from shared.db import run
from shared.errors import Conflict
from shared.words import Words

LIKELY = """
    SELECT c.id, c.first_name, c.middle_name, c.last_name, array_agg(left(k.key, 1)) AS kinds
    FROM unnest(%(keys)s::text[]) AS k (key)
    CROSS JOIN LATERAL (SELECT client_id FROM search_keys WHERE key = k.key OFFSET 0) AS found
    CROSS JOIN LATERAL (SELECT * FROM clients WHERE id = found.client_id OFFSET 0) AS c
    WHERE c.archived_at IS NULL
    GROUP BY c.id, c.first_name, c.middle_name, c.last_name ORDER BY c.id LIMIT 10
"""
"""OFFSET 0 keeps it to the two indexes. Of tables that grow the server knows nothing for the first minute, and read
them from end to end for each new client: twenty milliseconds where one does."""
KNOWN = Words("A client with this telephone number or e-mail address is known already.")


def contact_keys(client: Client) -> list[str]:
    """The keys that two clients should not share."""
    phones = [phone_key(phone["number"]) for phone in client["phones"]]
    return phones + [email_key(email["address"]) for email in client["emails"]]


def warn_of_duplicates(session: Session, client: Client) -> None:
    """Raises Conflict with the clients who have one of these numbers or addresses already."""
    keys = contact_keys(client)
    rows = run(session, LIKELY, {"keys": keys}).fetchall() if keys else ()
    if rows:
        raise Conflict(KNOWN, code="likely_duplicates", duplicates=[_duplicate(row) for row in rows])


def _duplicate(row: Any) -> dict[str, Any]:
    matches = sorted({"email" if kind == EMAIL else "phone" for kind in row["kinds"]})
    return {"id": row["id"], "name": name_of(row), "matches": matches}
