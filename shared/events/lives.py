"""How a consumer learns that one before it did not end well: a row per life, removed by those that end cleanly.

A living consumer holds an advisory lock named after its row, so a row whose lock is free belongs to a dead one.
"""

import psycopg

from shared import lost_peers
from shared.locks import CONSUMER_LIVES


class Lives:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._session: psycopg.Connection | None = None
        self._id: int | None = None

    def begin(self) -> bool:
        """Writes this life down, unless that still stands. True when an earlier one ended without `end`.

        Each such end is told once; a life whose session was cut counts as ended, too.
        """
        if self._stands():
            return False
        session = psycopg.connect(
            self._url, autocommit=True, connect_timeout=5, options=lost_peers.SERVER, **lost_peers.CLIENT
        )
        died = self._bury_the_dead(session)
        # In one statement, so that nobody sees the row before its lock is held and takes it for a dead one's.
        row = session.execute(
            "WITH life AS (INSERT INTO consumer_lives DEFAULT VALUES RETURNING id)"
            " SELECT id, pg_advisory_lock(%s, id) FROM life",
            (CONSUMER_LIVES,),
        ).fetchone()
        assert row
        self._session, self._id = session, row[0]
        return died

    def _stands(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute("SELECT")
        except psycopg.Error:
            self._session = None
        return self._session is not None

    def _bury_the_dead(self, session: psycopg.Connection) -> bool:
        died = False
        for (life,) in session.execute("SELECT id FROM consumer_lives").fetchall():
            row = session.execute("SELECT pg_try_advisory_lock(%s, %s)", (CONSUMER_LIVES, life)).fetchone()
            if row and row[0]:
                died = bool(session.execute("DELETE FROM consumer_lives WHERE id = %s", (life,)).rowcount) or died
                session.execute("SELECT pg_advisory_unlock(%s, %s)", (CONSUMER_LIVES, life))
        return died

    def end(self) -> None:
        """A clean end. Without a database the row stays, and the next consumer is careful for nothing: no harm."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            session.execute("DELETE FROM consumer_lives WHERE id = %s", (self._id,))
            session.close()
        except psycopg.Error:
            return
