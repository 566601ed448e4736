"""The HTTP door to the list of clients, and to the search in it."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response

from services.clients.profiles import rows
from services.clients.profiles.client import shown
from services.clients.profiles.schemas import Client
from services.clients.profiles.sight import sight
from services.clients.search.finder import KEPT, MOST_FOUND, find
from services.clients.search.schemas import ClientsQuery
from shared.api import Door, platform, reading
from shared.api.pages import decode_cursor, page, page_of, whole
from shared.db import run

door = Door("search", __name__, url_prefix="/api/v1/clients", description="The list of clients, and finding one.")

NEWEST = f"""
    {rows.CLIENT} WHERE {KEPT} AND (%(before)s::uuid IS NULL OR c.id < %(before)s) ORDER BY c.id DESC LIMIT %(most)s
"""


@door.get("", needs="clients.read")
@door.arguments(ClientsQuery, location="query")
@door.response(200, page_of(Client, "Clients"))
def clients(query: dict[str, Any]) -> Response:
    """The clients, the newest first; with `search`, the best matches first, a thousand of them at most."""
    within = sight("clients.read")
    filters = {
        "branch_id": query.get("branch_id"),
        "status_id": query.get("status"),
        "within": None if within is None else list(within),
    }
    found = _searched(query, filters) if "search" in query else _listed(query, filters)
    chain = platform().config.chain
    found["items"] = [shown(client, chain) for client in found["items"]]
    return Response(orjson.dumps(found), mimetype="application/json")


def _searched(query: dict[str, Any], filters: dict[str, Any]) -> dict[str, Any]:
    place = decode_cursor(query.get("cursor"), whole)
    offset, limit = (place[0] if place else 0), query["limit"]
    with reading() as connection:
        found = find(connection, query["search"], filters, offset=min(offset, MOST_FOUND), limit=limit + 1)
    return page(found, limit, lambda _: (offset + limit,))


def _listed(query: dict[str, Any], filters: dict[str, Any]) -> dict[str, Any]:
    place = decode_cursor(query.get("cursor"), UUID)
    bound = {**filters, "before": place[0] if place else None, "most": query["limit"] + 1}
    with reading() as connection:
        found = run(connection, NEWEST, bound).fetchall()
    return page(found, query["limit"], lambda client: (client["id"],))
