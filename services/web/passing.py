"""Bytes of a service, handed on to the browser piece by piece: files of clients, and their small pictures."""

from collections.abc import Iterator
from typing import Any

import requests
from flask import Response, request

from services.web.backend import stream, stream_open

ASKED = ("Range", "If-Range", "If-None-Match")
TOLD = (
    "Content-Type", "Content-Length", "Content-Range", "Content-Disposition", "Content-Security-Policy",
    "Accept-Ranges", "ETag",
)  # fmt: skip
PIECE = 256 * 1024


def passed_on(service: str, path: str, **query: Any) -> Response:
    """The service's own answer to the same part of the same file, as the signed-in person. Raises as `ask` does."""
    return _answer(stream(service, path, _asked(), query))


def passed_on_openly(service: str, path: str) -> Response:
    """The same of what everybody may read, as nobody."""
    return _answer(stream_open(service, path, _asked()))


def _asked() -> dict[str, str]:
    return {name: request.headers[name] for name in ASKED if name in request.headers}


def _answer(answer: requests.Response) -> Response:
    told = {name: answer.headers[name] for name in TOLD if name in answer.headers}
    return Response(_pieces(answer), answer.status_code, told)


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    with answer:
        yield from answer.iter_content(PIECE)
