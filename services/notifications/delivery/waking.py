"""Wakes a sender that sleeps: the transaction that adds a message notifies only when somebody sleeps.

The same way as the outbox wakes its relay (`shared.events.relay`, which says why): NOTIFY in every transaction would
slow all writers. Each channel has a lock of its own, for one sender of it, and is notified by itself.
"""

from collections.abc import Callable

import psycopg

from services.notifications.catalogue.message_type import CHANNELS
from shared import lost_peers
from shared.db import Database
from shared.locks import SENDERS_ASLEEP
from shared.waiting import connect

WAKE = f"""
CREATE OR REPLACE FUNCTION messages_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('messages_' || channel, '')
    FROM (SELECT DISTINCT channel FROM added) AS of_channel
    WHERE NOT pg_try_advisory_xact_lock_shared(
        {SENDERS_ASLEEP}, array_position(ARRAY['{"', '".join(CHANNELS)}'], channel) - 1);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER messages_wake AFTER INSERT ON messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION messages_wake();
"""
LONGEST = 1.0
"""Seconds: what is due by its time, and what another process has put back, is looked for this often."""
LINGER = (0.005, 0.25)
"""Seconds to wait when a writer is about to commit, another sender of the channel sleeps, or the provider takes nothing
of what is due; doubled each time that nothing has come of it."""


class Sleeper:
    """One session that listens, for one thread."""

    def __init__(self, database: Database, channel: str) -> None:
        self._url = database.url
        self._channel = channel
        self._key = (SENDERS_ASLEEP, CHANNELS.index(channel))
        self._session: psycopg.Connection | None = None
        self._linger = 0.0

    def sleep(self, is_anything_due: Callable[[], bool]) -> None:
        """Until a message is added, or for a second. Asks once more, under the lock, before it sleeps.

        What is due and was not taken is worth another look at once, since it may have come this moment; then after a
        while, and a longer one: whoever has it in hand may die, and a provider that rests goes on.
        """
        session = self._listening()
        if not self._granted(session):
            self._wait(session)
            return
        try:
            if is_anything_due():
                self._wait(session)
            else:
                self._linger = 0.0
                _listen(session, LONGEST)
        finally:
            session.execute("SELECT pg_advisory_unlock(%s, %s)", self._key)

    def stay_awake(self) -> None:
        """There was work: the next look comes at once."""
        self._linger = 0.0

    def _wait(self, session: psycopg.Connection) -> None:
        _listen(session, self._linger)
        self._linger = min(max(self._linger * 2, LINGER[0]), LINGER[1])

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _granted(self, session: psycopg.Connection) -> bool:
        row = session.execute("SELECT pg_try_advisory_lock(%s, %s)", self._key).fetchone()
        return bool(row and row[0])

    def _listening(self) -> psycopg.Connection:
        if self._session is None or self._session.closed:
            self._session = connect(self._url, autocommit=True, application_name="foyer-senders", **lost_peers.CLIENT)
            self._session.execute(f"LISTEN messages_{self._channel}")
        return self._session


def _listen(session: psycopg.Connection, seconds: float) -> None:
    for _ in session.notifies(timeout=seconds, stop_after=1):
        pass
