"""The transport for a machine without RabbitMQ: a PostgreSQL database of its own, `foyer_bus`.

`log` is what the stream is: every event of the last 30 days. `deliveries` are the queues: a row per queue and event,
locked while a consumer works on it, so that a killed consumer's rows are free at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg

from shared import clock, lost_peers
from shared.events.transport import Delivery, Outgoing, Unreachable
from shared.locks import BUS_DECLARING, BUS_PUBLISHING
from shared.waiting import connect

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    type text NOT NULL,
    body bytea NOT NULL,
    at timestamptz NOT NULL,
    announced boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS ix_log_at ON log (at);
CREATE TABLE IF NOT EXISTS bindings (
    queue text NOT NULL,
    type text NOT NULL,
    PRIMARY KEY (queue, type)
);
CREATE TABLE IF NOT EXISTS deliveries (
    queue text NOT NULL,
    position bigint NOT NULL REFERENCES log ON DELETE CASCADE,
    PRIMARY KEY (queue, position)
);
"""

IN_TURN = f"SELECT pg_advisory_xact_lock({BUS_PUBLISHING})"
"""Publishers take turns, so that positions are committed in their order and a reader of the log may remember one."""

PUBLISH = """
WITH batch AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(bodies)s::bytea[], %(queues)s::text[])
        WITH ORDINALITY AS event (event_id, type, body, queue, n)
), logged AS (
    INSERT INTO log (event_id, type, body, at, announced)
    SELECT event_id, type, body, %(at)s, queue IS NOT NULL FROM batch ORDER BY n
    ON CONFLICT (event_id) DO NOTHING
    RETURNING position, event_id, type
), queued AS (
    INSERT INTO deliveries (queue, position)
    SELECT coalesce(batch.queue, bindings.queue), logged.position
    FROM logged JOIN batch USING (event_id)
    LEFT JOIN bindings ON bindings.type = logged.type AND batch.queue IS NULL
    WHERE coalesce(batch.queue, bindings.queue) IS NOT NULL
    RETURNING queue
)
SELECT pg_notify('bus', queue) FROM (SELECT DISTINCT queue FROM queued) AS woken
"""

TAKE = """
SELECT position, body FROM deliveries JOIN log USING (position)
WHERE queue = %s ORDER BY position LIMIT %s FOR UPDATE OF deliveries SKIP LOCKED
"""

HISTORY = "SELECT position, body FROM log WHERE position > %s AND NOT announced ORDER BY position LIMIT 500"

FORGET = """
DELETE FROM log WHERE position IN (
    SELECT position FROM log WHERE at < %s AND NOT EXISTS (SELECT FROM deliveries WHERE position = log.position)
    ORDER BY at LIMIT 10000
)
"""

KEPT = timedelta(days=30)
NOT_WOKEN_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 600.0


class Embedded:
    """One connection to the bus, opened when first needed and again after it was lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None
        self._queue: str | None = None
        self._tidied = float("-inf")

    def declare(self, queue: str, types: Sequence[str], no_more: Iterable[str] = ()) -> None:
        with self._connected() as bus:
            bus.execute("SELECT pg_advisory_xact_lock(%s)", (BUS_DECLARING,))
            bus.execute(SCHEMA)
            bus.execute("DELETE FROM bindings WHERE queue = %s AND type != ALL(%s)", (queue, list(types)))
            bus.execute(
                "INSERT INTO bindings SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING", (queue, list(types))
            )
            bus.commit()

    def publish(self, batch: Sequence[Outgoing], waiting: Callable[[], object] = lambda: None) -> Sequence[UUID]:
        with self._connected() as bus:
            bus.execute(IN_TURN)
            bus.execute(
                PUBLISH,
                {
                    "ids": [event.event_id for event in batch],
                    "types": [event.type for event in batch],
                    "bodies": [event.body.encode() for event in batch],
                    "queues": [event.queue for event in batch],
                    "at": clock.now(),
                },
            )
            bus.commit()
        return ()

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        with self._connected() as bus:
            self._listen(bus, queue)
            deadline = clock.monotonic() + timeout
            while not (rows := bus.execute(TAKE, (queue, limit)).fetchall()):
                bus.commit()
                left = deadline - clock.monotonic()
                if left <= 0:
                    return []
                self._await_news(bus, queue, min(left, NOT_WOKEN_SECONDS))
            return [Delivery(body, position) for position, body in rows]

    def _listen(self, bus: psycopg.Connection, queue: str) -> None:
        if self._queue != queue:
            bus.execute("LISTEN bus")
            bus.commit()
            self._queue = queue

    def _await_news(self, bus: psycopg.Connection, queue: str, timeout: float) -> None:
        bus.autocommit = True
        try:
            for notice in bus.notifies(timeout=timeout):
                if notice.payload == queue:
                    return
        finally:
            bus.autocommit = False

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """Lets go of these, and of the locks on everything else that was taken."""
        with self._connected() as bus:
            bus.execute(
                "DELETE FROM deliveries WHERE queue = %s AND position = ANY(%s)",
                (self._queue, [delivery.receipt for delivery in deliveries]),
            )
            bus.commit()

    def rest(self) -> None:
        """Forgets, now and then, what is older than the stream would keep."""
        if self._connection is not None and clock.monotonic() - self._tidied >= HOUSEKEEPING_SECONDS:
            self._tidied = clock.monotonic()
            self.forget_old()

    def forget_old(self) -> None:
        """Removes from the log what is older than the stream would keep; what some queue still waits for stays."""
        with self._connected() as bus:
            while bus.execute(FORGET, (clock.now() - KEPT,)).rowcount:
                bus.commit()
            bus.commit()

    def history(self, from_start: bool) -> Iterator[bytes]:
        with self._connected() as bus:
            bus.autocommit = True
            bus.execute("LISTEN bus")
            newest = bus.execute("SELECT coalesce(max(position), 0) FROM log").fetchone()
            last = newest[0] if newest and not from_start else 0
            while True:
                rows = bus.execute(HISTORY, (last,)).fetchall()
                for last, body in rows:  # noqa: B007 - the position to go on from
                    yield body
                if not rows:
                    list(bus.notifies(timeout=NOT_WOKEN_SECONDS, stop_after=1))

    def close(self) -> None:
        connection, self._connection, self._queue = self._connection, None, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        try:
            if self._connection is None:
                self._connection = connect(
                    self._url,
                    connect_timeout=5,
                    application_name="foyer-bus",
                    options=f"{lost_peers.SERVER} -c statement_timeout=30s",
                    **lost_peers.CLIENT,
                )
            yield self._connection
        except psycopg.Error as error:
            self.close()
            raise Unreachable(f"the embedded bus: {error}") from error
        except BaseException:
            self.close()
            raise
