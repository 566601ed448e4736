"""What goes back and forth between a page and the console beside HTML: htmx's headers."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for


def is_htmx() -> bool:
    """Whether a part of a page is asked for and not a page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def done(message: str, *events: str, go: str | None = None) -> Response:
    """It worked: a toast says so, the dialog closes, and what listens to `events` is drawn anew.

    `go` leads to another page, which shows the toast when it is there.
    """
    news: dict[str, Any] = {"foyer:done": {"message": message, "go": go}}
    return told(Response(status=204), news | {name: {} for name in events})


def told(answer: Response, news: dict[str, Any]) -> Response:
    """Events that the page hears with this answer."""
    answer.headers["HX-Trigger"] = json.dumps(news)
    return answer


def own_path(path: str | None) -> str:
    """A path of this console to go on to, and never another site."""
    parts = urlsplit(path or "")
    own = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return str(path) if own and not str(path).startswith(("//", "/\\")) else url_for("clients.page")
