"""Optimistic locking over HTTP: a version on the row, ETag and If-Match outside (RFC 9110, RFC 6585)."""

import re
from typing import Any

import orjson
from flask import Response, request
from werkzeug.datastructures import Headers

from shared.api.problems import Refused
from shared.words import Words

JSON = "application/json"
ENTITY_TAG = re.compile(r'"([0-9]{1,9})"')

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": 'The ETag last seen, like "3"; or * to change it whatever its version.',
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "example": "*",
}


class Ready(Response):
    """An answer whose headers are all there: what werkzeug would look for in them before it sends them is not."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        return self.headers


def expected_version() -> int | None:
    """The version that the caller has seen; None for `*`. Refuses with 428 when If-Match is missing."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Refused(428)
    if given.strip() == "*":
        return None
    match = ENTITY_TAG.fullmatch(given.strip())
    if match is None:
        raise Refused(400, Words('If-Match takes an ETag that we gave, like "3", or *.').format())
    return int(match[1])


def ready(body: Any, status: int = 200, *headers: tuple[str, str]) -> Response:
    """An answer whose body is already in the shape of the API: nothing of it is looked at again.

    For the routes where marshmallow's dumping would be a good part of the time; a test compares it with the schema.
    """
    said = orjson.dumps(body)
    return Ready([said], status, [("Content-Type", JSON), ("Content-Length", str(len(said))), *headers])


def answer(version: int, body: Any, status: int = 200) -> Response:
    """One that is `ready`, with its ETag."""
    return ready(body, status, ("ETag", f'"{version}"'))


def tagged(version: int, body: Any, status: int = 200) -> Any:
    """An answer with its ETag, in the shape that a route returns."""
    return body, status, {"ETag": f'"{version}"'}
