"""May this client book these services? Asked by booking systems before they book, so it takes one query.

| | online | staff |
|---|---|---|
| on the appointment black list | wait list only | allow |
| a service that the client dislikes | deny | deny |
| archived, merged into another, or unknown | deny | deny |
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from shared.db import run
from shared.words import Words

Check = Mapping[str, Any]
Decision = dict[str, Any]

STANDING = """
    SELECT c.id, c.archived_at IS NOT NULL AS archived, c.booking_blocked, d.service_id, s.name
    FROM clients c
    LEFT JOIN dislikes d ON d.client_id = c.id
    LEFT JOIN services s ON s.id = d.service_id
    WHERE """
OF_ONE = f"{STANDING} c.id = %(id)s"
"""Planned once; for a list of unknown length the server plans anew each time, which takes longer than to run it."""
OF_MANY = f"{STANDING} c.id = ANY(%(ids)s)"

UNKNOWN = Words("There is no such client.")
ARCHIVED = Words("This client is no longer served.")
DISLIKED = Words("{service} cannot be booked: the client does not want it.")
A_SERVICE = Words("This service")
WAIT_LIST = Words("At the moment only the wait list is open to this client online.")


def decide(connection: Connection, checks: Sequence[Check]) -> list[Decision]:
    """The decision on each check, in their order."""
    clients = _standings(connection, {check["client_id"] for check in checks})
    return [_decide(check, clients.get(check["client_id"])) for check in checks]


def _standings(connection: Connection, ids: set[UUID]) -> dict[UUID, "_Standing"]:
    clients: dict[UUID, _Standing] = {}
    one = len(ids) == 1
    for row in run(connection, OF_ONE if one else OF_MANY, {"id": next(iter(ids))} if one else {"ids": list(ids)}):
        standing = clients.setdefault(row["id"], _Standing(row["archived"], row["booking_blocked"]))
        if row["service_id"] is not None:
            standing.disliked[row["service_id"]] = row["name"]
    return clients


class _Standing:
    """What decides about a client."""

    __slots__ = ("archived", "blocked", "disliked")

    def __init__(self, archived: bool, blocked: bool) -> None:
        self.archived = archived
        self.blocked = blocked
        self.disliked: dict[UUID, str | None] = {}


def _decide(check: Check, client: _Standing | None) -> Decision:
    if client is None:
        return _decision("deny", [_reason("client_unknown", UNKNOWN.format())])
    if client.archived:
        return _decision("deny", [_reason("client_archived", ARCHIVED.format())])
    disliked = [service_id for service_id in dict.fromkeys(check["service_ids"]) if service_id in client.disliked]
    if disliked:
        return _decision("deny", [_dislike(service_id, client.disliked[service_id]) for service_id in disliked])
    if client.blocked and check["channel"] == "online":
        return _decision("wait_list_only", [_reason("wait_list_only", WAIT_LIST.format())])
    return _decision("allow", [])


def _decision(decision: str, reasons: list[dict[str, Any]]) -> Decision:
    return {"decision": decision, "reasons": reasons}


def _dislike(service_id: UUID, name: str | None) -> dict[str, Any]:
    return _reason("service_disliked", DISLIKED.format(service=name or A_SERVICE.format()), service_id)


def _reason(code: str, message: str, service_id: UUID | None = None) -> dict[str, Any]:
    return {"code": code, "service_id": service_id, "message": message}
