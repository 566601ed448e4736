"""Logs, metrics and traces, the same in every process.

Logs are JSON with a constant event name and fields; ids and never a body or a name. Every line of a request or a
reaction carries its correlation id, which goes with the events, so that one id leads from the click to the last effect.

Metrics are those of one process. Where they are scraped, a container runs one process (`deploy/gunicorn.conf.py`), so a
scrape never meets another process's numbers. What a service's database says about its events is `service_state`.
"""

import logging
import sys
from collections.abc import Iterable
from functools import cache
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import abort, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram

from shared.actor import current

CONTENT_TYPE = CONTENT_TYPE_LATEST

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""What a request may call its method; another name is up to the one who asks, and no label."""

REQUESTS = Histogram(
    "foyer_http_request_seconds",
    "Time to answer a request.",
    ["service", "route", "method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
PUBLISHED = Counter("foyer_events_published_total", "Events that the broker has confirmed.", ["service"])
HANDLED = Counter("foyer_events_handled_total", "Reactions that ran to their end.", ["service", "type"])
LAG = Histogram(
    "foyer_event_lag_seconds",
    "From the moment an event happened to its effect.",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600),
)


def configure_logs(level: str) -> None:
    """JSON lines on standard error, for our own logs and for those of libraries."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _correlate,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _correlate(_: Any, __: str, line: dict[str, Any]) -> dict[str, Any]:
    context = current()
    if context.correlation_id:
        line.setdefault("correlation_id", context.correlation_id)
        line.setdefault("actor", context.actor)
    return line


@cache
def _requests(service: str, route: str, method: str, status: int) -> Any:
    """The histogram of these labels, which prometheus_client would look up under a lock each time."""
    return REQUESTS.labels(service, route, method, status)


def measured(application: WSGIApplication, service: str) -> WSGIApplication:
    """The application, whose every request is timed, by its route and never by its path, which may hold ids.

    As plain WSGI, like `shared.api.frame`: a page, a problem and an error are all timed in the one place.
    """
    log = structlog.get_logger().bind(service=service, role="http")

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            seconds = perf_counter() - began
            rule = environ["werkzeug.request"].url_rule
            route = rule.rule if rule else "-"
            method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "-"
            _requests(service, route, method, int(status[:3])).observe(seconds)
            log.debug("request", route=route, method=method, status=int(status[:3]), seconds=round(seconds, 4))
            return start_response(status, headers, *error)

        return application(environ, start)

    return answer


def for_scrapers_only() -> None:
    """404 for who comes through the front door to `/metrics`: it is not the one who scrapes."""
    if "HTTP_X_FORWARDED_FOR" in request.environ:
        abort(404)
