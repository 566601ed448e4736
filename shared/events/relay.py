"""The relay: reads the outbox in order, publishes with confirms, deletes what is confirmed.

One relay is active per service; others stand by for its advisory lock, and take over within 15 seconds when its node
is lost (the server's keepalives end the lost session). A kill between confirm and delete publishes a batch twice:
at least once is the promise here, and the consumers' inbox makes it once.

Uses psycopg alone, so that a relay is a small process that starts in a moment.
"""

import threading
from collections.abc import Callable

import psycopg
import structlog

from shared import clock
from shared.events.transport import Outgoing, Transport, Unreachable
from shared.locks import RELAY_ACTIVE, RELAY_ASLEEP

log = structlog.get_logger()

WAKE = f"""
CREATE OR REPLACE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared({RELAY_ASLEEP}) THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER outbox_wake AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
"""
"""NOTIFY takes a lock of the whole database through the commit, which would slow all writers down; so they notify only
a relay that sleeps. A relay about to sleep takes RELAY_ASLEEP exclusively. Refused: a writer is under way, scan again.
Granted: every earlier writer has committed, so one more scan sees its rows, and every later one will notify."""

BATCH = 500
STANDBY_SECONDS = 1.0
POLL_SECONDS = 1.0
LINGER_SECONDS = (0.002, 0.02)
"""How long to wait for writers that have not committed yet; doubled while they keep coming, for whole batches."""
OPTIONS = (
    # The server ends the session of a lost node, and so frees its lock, within 10 seconds.
    "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=2 -c statement_timeout=30s"
    # A deletion that a crash forgets is a batch published twice, which is allowed; the disk belongs to the writers.
    " -c synchronous_commit=off"
)


class Relay:
    def __init__(
        self,
        database_url: str,
        transport: Transport,
        *,
        service: str,
        on_published: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._url = database_url
        self._transport = transport
        self._log = log.bind(service=service, role="relay")
        self.stop = threading.Event()
        self.active = False
        self.published = 0
        self._linger = LINGER_SECONDS[0]
        self._on_published = on_published
        self.turned = clock.monotonic()
        """When the loop last went round; one that has not for a minute hangs."""

    def run(self) -> None:
        """Relays until `stop` is set. Outlives both the database and the broker being away."""
        wait = 0.0
        while not self.stop.wait(wait):
            self.turned = clock.monotonic()
            try:
                self._serve()
                wait = 0.0
            except (Unreachable, psycopg.Error) as error:
                wait = min(max(0.1, wait * 2), 5.0)
                self._log.warning("relay_interrupted", reason=str(error), again_in=wait)
        self._transport.close()

    def _serve(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5, options=OPTIONS) as session:
            while not self._take_over(session):
                self.turned = clock.monotonic()
                if self.stop.wait(STANDBY_SECONDS):
                    return
            self.active = True
            self._log.info("relay_active")
            try:
                session.execute("LISTEN outbox")
                while not self.stop.is_set():
                    self.drain(session)
                    self._transport.rest()
                    self._sleep(session)
            finally:
                self.active = False

    def _take_over(self, session: psycopg.Connection) -> bool:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", (RELAY_ACTIVE,)).fetchone()
        return bool(row and row[0])

    def drain(self, session: psycopg.Connection) -> int:
        """Publishes until nothing is left; answers how many."""
        count = 0
        while (sent := self._publish_batch(session)) and not self.stop.is_set():
            count += sent
        return count

    def _publish_batch(self, session: psycopg.Connection) -> int:
        self.turned = clock.monotonic()
        with session.cursor() as cursor:
            rows = cursor.execute(
                "SELECT position, event_id, type, body, queue FROM outbox ORDER BY position LIMIT %s", (BATCH,)
            ).fetchall()
        if not rows:
            return 0
        self._transport.publish([Outgoing(*row[1:]) for row in rows])
        session.execute("DELETE FROM outbox WHERE position = ANY(%s)", ([row[0] for row in rows],))
        self.published += len(rows)
        self._on_published(len(rows))
        return len(rows)

    def _sleep(self, session: psycopg.Connection) -> None:
        """Waits for the next writer, a second at most. See WAKE for why no row is missed."""
        granted = session.execute("SELECT pg_try_advisory_lock(%s)", (RELAY_ASLEEP,)).fetchone()
        if not (granted and granted[0]):
            self.stop.wait(self._linger)
            self._linger = min(self._linger * 2, LINGER_SECONDS[1])
            return
        self._linger = LINGER_SECONDS[0]
        try:
            if not self.drain(session):
                for _ in session.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass
        finally:
            session.execute("SELECT pg_advisory_unlock(%s)", (RELAY_ASLEEP,))
