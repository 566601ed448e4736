"""The relay: reads the outbox in order, publishes with confirms, deletes what is confirmed.

One relay is active per service; others stand by for its advisory lock, and take over within 15 seconds when its node
is lost (see `lost_peers`). A kill between confirm and delete publishes a batch twice: at least once is the promise
here, and the consumers' inbox makes it once.

Uses psycopg alone, so that a relay is a small process that starts in a moment.
"""

import threading
from collections.abc import Callable

import orjson
import psycopg
import structlog

from shared import clock, lost_peers
from shared.backoff import Backoff
from shared.events.transport import Outgoing, Transport, Unreachable
from shared.locks import RELAY_ACTIVE, RELAY_ASLEEP
from shared.waiting import connect

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
Granted: every earlier writer has committed, so one more look sees its rows, and every later one will notify."""

BATCH = 500
STANDBY_SECONDS = 1.0
POLL_SECONDS = 1.0
LINGER_SECONDS = (0.002, 0.02)
"""How long to wait for writers that have not committed yet; doubled while they keep coming, for whole batches."""
SEVERAL = 4
GATHER_SECONDS = 0.02
"""A relay that found several events looks again after so long only: what comes until then goes together, which costs
relay, broker and database less than many looks, and nobody need wake it. At fewer than SEVERAL in that time, which is
200 a second, each event is published at once."""
OPTIONS = (
    f"{lost_peers.SERVER} -c statement_timeout=30s"
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
        poll: float = POLL_SECONDS,
    ) -> None:
        self._url = database_url
        self._transport = transport
        self._poll = poll
        self._log = log.bind(service=service, role="relay")
        self._backoff = Backoff()
        self._linger = LINGER_SECONDS[0]
        self._on_published = on_published
        self.stop = threading.Event()
        self.active = False
        self.published = 0
        self.turned = clock.monotonic()
        """When the loop last went round; one that has not for a minute hangs."""

    def run(self) -> None:
        """Relays until `stop` is set. Outlives both the database and the broker being away."""
        while not self.stop.wait(self._backoff.seconds):
            self._turn()
            try:
                self._serve()
            except (Unreachable, psycopg.Error) as error:
                self._log.warning("relay_interrupted", reason=str(error), again_in=self._backoff.failed())
        self._transport.close()

    def _serve(self) -> None:
        with connect(
            self._url,
            autocommit=True,
            connect_timeout=5,
            application_name="foyer-relay",
            options=OPTIONS,
            **lost_peers.CLIENT,
        ) as session:
            while not self._take_over(session):
                self._turn()
                if self.stop.wait(STANDBY_SECONDS):
                    return
            self._log.info("relay_active")
            self.active = True
            try:
                session.execute("LISTEN outbox")
                while not self.stop.is_set():
                    count = self.drain(session)
                    self._transport.rest()
                    if count < SEVERAL:
                        self._sleep(session)
                    else:
                        self.stop.wait(GATHER_SECONDS)
            finally:
                self.active = False

    def _take_over(self, session: psycopg.Connection) -> bool:
        return _granted(session, "SELECT pg_try_advisory_lock(%s)", RELAY_ACTIVE)

    def drain(self, session: psycopg.Connection) -> int:
        """Publishes what is there; answers how many. Raises Unreachable when some of it was not taken."""
        count = 0
        while (sent := self._publish_batch(session)) and not self.stop.is_set():
            count += sent
            self._backoff.succeeded()
            if sent < BATCH:  # what has come since is seen before sleep
                break
        return count

    def _publish_batch(self, session: psycopg.Connection) -> int:
        self._turn()
        rows = session.execute(
            "SELECT position, event_id, type, body, queue FROM outbox ORDER BY position LIMIT %s", (BATCH,)
        ).fetchall()
        if not rows:
            return 0
        refused = set(self._transport.publish([Outgoing(*row[1:]) for row in rows], self._turn))
        safe = [row for row in rows if row[1] not in refused]
        session.execute("DELETE FROM outbox WHERE position = ANY(%s)", ([row[0] for row in safe],))
        self.published += len(safe)
        self._on_published(len(safe))
        self._tell(safe)
        if refused:
            raise Unreachable(f"{len(refused)} of {len(rows)} events were refused")
        return len(rows)

    def _turn(self) -> None:
        self.turned = clock.monotonic()

    def _tell(self, rows: list[tuple]) -> None:
        if not self._log.is_enabled_for(10):  # reading the bodies is for those who look for something
            return
        for _, event_id, type_, body, _ in rows:
            correlation = orjson.loads(body).get("correlationid")
            self._log.debug("published", event_id=str(event_id), type=type_, correlation_id=correlation)

    def _sleep(self, session: psycopg.Connection) -> None:
        """Waits for the next writer, `poll` seconds at most. See WAKE for why no row is missed.

        The lock is given back before anything is published, so that writers who come then need not notify.
        """
        if not _granted(session, "SELECT pg_try_advisory_lock(%s)", RELAY_ASLEEP):
            self.stop.wait(self._linger)
            self._linger = min(self._linger * 2, LINGER_SECONDS[1])
            return
        self._linger = LINGER_SECONDS[0]
        try:
            if not _granted(session, "SELECT EXISTS (SELECT FROM outbox)"):
                self._await_writer(session)
        finally:
            session.execute("SELECT pg_advisory_unlock(%s)", (RELAY_ASLEEP,))

    def _await_writer(self, session: psycopg.Connection) -> None:
        for _ in session.notifies(timeout=self._poll, stop_after=1):
            pass


def _granted(session: psycopg.Connection, question: str, *parameters: object) -> bool:
    row = session.execute(question, parameters).fetchone()
    return bool(row and row[0])
