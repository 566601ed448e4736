"""Logs, metrics and traces, the same in every process.

Logs are JSON with a constant event name and fields; ids and never a body or a name. Every line of a request or a
reaction carries its correlation id, which goes with the events, so that one id leads from the click to the last effect.
"""

import logging
import sys
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text

from shared import clock
from shared.actor import current
from shared.db import Database
from shared.events.relay import ACTIVE

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUESTS = Histogram(
    "foyer_http_request_seconds",
    "Time to answer a request.",
    ["service", "route", "method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
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


def measure(app: Flask, service: str) -> None:
    """Times every request, by its route and never by its path, which may hold ids."""
    log = structlog.get_logger().bind(service=service, role="http")

    def begin() -> None:
        g.began = perf_counter()

    def end(answer: Response) -> Response:
        seconds = perf_counter() - g.get("began", perf_counter())
        route = request.url_rule.rule if request.url_rule else "-"
        REQUESTS.labels(service, route, request.method, answer.status_code).observe(seconds)
        log.debug("request", route=route, method=request.method, status=answer.status_code, seconds=round(seconds, 4))
        return answer

    app.before_request(begin)
    app.after_request(end)


class ServiceState(Collector):
    """What the database of a service says about its events; asked when scraped, so it is true while a role is down."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database

    def collect(self) -> list[Metric]:
        with self._database.reading() as connection:
            row = connection.execute(
                text(
                    "SELECT (SELECT min(at) FROM outbox), (SELECT count(*) FROM failures WHERE dead),"
                    " (SELECT count(*) FROM failures WHERE NOT dead),"
                    " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :active"
                    " AND classid = 0 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
                ),
                {"active": ACTIVE},
            ).one()
        oldest = max(0.0, (clock.now() - row[0]).total_seconds()) if row[0] else 0.0
        return [
            self._gauge("foyer_outbox_oldest_seconds", "Age of the oldest event that is not yet published.", oldest),
            self._gauge("foyer_dead_letters", "Events that a reaction gave up on.", row[1]),
            self._gauge("foyer_retries", "Reactions that wait for their next attempt.", row[2]),
            self._gauge("foyer_relay_active", "1 while a relay publishes for this service.", min(1, row[3])),
        ]

    def _gauge(self, name: str, words: str, value: float) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(name, words, labels=["service"])
        gauge.add_metric([self._service], value)
        return gauge


def exposition(service: str, database: Database) -> bytes:
    """The metrics of this process and the state of this service, in Prometheus' text format."""
    state = CollectorRegistry(auto_describe=False)
    state.register(ServiceState(service, database))
    return generate_latest() + generate_latest(state)


def serve(port: int) -> None:
    """Serves the metrics of a process that has no HTTP of its own; 0 serves nothing."""
    if port:
        start_http_server(port)
