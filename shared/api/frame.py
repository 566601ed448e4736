"""What stands around every request and every answer of an API, whatever happens in between.

It lies below Flask, as plain WSGI: there the same headers cost a tenth.
"""

import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from shared.actor import Context, bind
from shared.words import LANGUAGES, speak

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
"""No header of CORS is among it: pages of other sites cannot read what we answer."""


def framed(application: WSGIApplication) -> WSGIApplication:
    """The application, whose requests have ids and a language, and whose answers have the headers of the house."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        context = _context(environ)
        bind(context)
        speak(_best_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")))

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, ("X-Request-ID", context.correlation_id), *ALWAYS], *error)

        return application(environ, start)

    return answer


def _context(environ: WSGIEnvironment) -> Context:
    """Who asks, for the time being nobody, and under which ids; the door fills in the person."""
    trace = TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    given = environ.get("HTTP_X_REQUEST_ID", "")
    traceparent = trace[0] if trace else _new_traceparent()
    return Context(
        actor="service:nobody",
        channel="api",
        correlation_id=given if REQUEST_ID.fullmatch(given) else traceparent[3:35],
        traceparent=traceparent,
    )


def _new_traceparent() -> str:
    ids = secrets.token_hex(24)
    return f"00-{ids[:32]}-{ids[32:]}-01"


@lru_cache(1000)
def _best_language(accepted: str) -> str:
    """The language of ours that fits an Accept-Language header best. A browser sends the same one each time."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or "en"
