"""The HTTP door to the list of clients, and to the search in it."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response

from services.clients.profiles.client import shown
from services.clients.profiles.schemas import Client
from services.clients.search.finder import MOST_FOUND, find, with_tags
from services.clients.search.orders import ORDERS, in_order
from services.clients.search.schemas import ClientsQuery
from shared.api import Door, platform, reading
from shared.api.pages import bad_cursor, decode_cursor, page, page_of, whole, words
from shared.api.sight import clients_of
from shared.db import run

door = Door("search", __name__, url_prefix="/api/v1/clients", description="The list of clients, and finding one.")


@door.get("", needs="clients.read")
@door.arguments(ClientsQuery, location="query")
@door.response(200, page_of(Client, "Clients"))
def clients(query: dict[str, Any]) -> Response:
    """The clients, the newest first or as `sort` says; with `search` the best matches first, a thousand at most."""
    within = clients_of("clients.read")
    filters = {
        "branch_id": query.get("branch_id"),
        "status_id": query.get("status"),
        "tag_id": query.get("tag_id"),
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
    sort, limit = query["sort"], query["limit"]
    place = decode_cursor(query.get("cursor"), words, ORDERS[sort.removeprefix("-")].read, UUID)
    if place and place[0] != sort:
        raise bad_cursor()
    _, value, client_id = place or (None, None, None)
    tag_id, bound = filters["tag_id"], {**filters, "tag_id": None, "value": value, "id": client_id, "most": limit + 1}
    with reading() as connection:
        tagged, values = with_tags(connection, [tag_id]) if tag_id else ("", {})
        statement = in_order(sort, further=place is not None, tagged=tagged)
        found = run(connection, statement, bound | values).fetchall()
    return page(found, limit, lambda client: (sort, client["place"], client["id"]))
