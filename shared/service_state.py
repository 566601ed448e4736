"""What the database of a service says about its events: what waits, what has failed, who publishes.

Asked when scraped, and by every role of the service, so that it is true while any of them is down. All roles tell the
same; an alert takes the largest.
"""

from collections.abc import Iterator
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError

from shared import clock
from shared.db import Database
from shared.events.failures import UNREAD
from shared.locks import RELAY_ACTIVE

log = structlog.get_logger()

# The head of the outbox is found by its key: to ask for min(at) would read all of a long one, just when it is long.
STATE = text(
    f"""
    SELECT (SELECT at FROM outbox ORDER BY position LIMIT 1) AS unpublished_since,
           (SELECT caught_up_at FROM consumer_progress) AS caught_up_at,
           (SELECT count(*) FROM failures WHERE dead) AS dead_letters,
           (SELECT count(*) FROM failures WHERE NOT dead AND NOT starts_with(reaction, '{UNREAD}')) AS retries,
           (SELECT min(failed_at) FROM failures WHERE NOT dead AND starts_with(reaction, '{UNREAD}')) AS awaiting_since,
           (SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
             WHERE datname = current_database() AND locktype = 'advisory' AND granted
               AND classid = 0 AND objid = {RELAY_ACTIVE}) AS relays
    """
)


class ServiceState(Collector):
    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database

    def collect(self) -> Iterator[Metric]:
        row = self._asked()
        yield self._gauge("foyer_database_up", "1 while the service's database answers.", float(row is not None))
        if row is None:
            return
        yield self._gauge(
            "foyer_outbox_oldest_seconds", "Age of the oldest event not yet published.", _age(row.unpublished_since)
        )
        yield self._gauge(
            "foyer_queue_age_seconds", "Nothing older than this waits in the service's queue.", _age(row.caught_up_at)
        )
        yield self._gauge("foyer_dead_letters", "Events that a reaction gave up on.", row.dead_letters)
        yield self._gauge("foyer_retries", "Reactions that wait for their next attempt.", row.retries)
        yield self._gauge(
            "foyer_awaiting_release_seconds",
            "Age of the oldest event kept for a release that reacts to its type.",
            _age(row.awaiting_since),
        )
        yield self._gauge("foyer_relay_active", "1 while a relay publishes for this service.", min(1, row.relays))

    def _asked(self) -> Row | None:
        try:
            with self._database.reading() as connection:
                return connection.execute(STATE).one()
        except SQLAlchemyError as error:
            log.warning("state_unknown", service=self._service, reason=str(error))
            return None

    def _gauge(self, name: str, words: str, value: float) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(name, words, labels=["service"])
        gauge.add_metric([self._service], value)
        return gauge


def _age(since: datetime | None) -> float:
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0


def exposition(service: str, database: Database) -> bytes:
    """The metrics of this process and the state of this service, in Prometheus' text format."""
    state = CollectorRegistry(auto_describe=False)
    state.register(ServiceState(service, database))
    return generate_latest() + generate_latest(state)
