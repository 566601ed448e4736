"""How a consumer learns that one before it did not end well: a row per life, removed by those that end cleanly.

A living consumer holds an advisory lock named after its row, so a row whose lock is free belongs to a dead one.
"""

import psycopg

from shared.locks import CONSUMER_LIVES


class Lives:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._session: psycopg.Connection | None = None
        self._id: int | None = None

    def begin(self) -> bool:
        """Writes this life down. True when an earlier one ended without `end`; each such end is told once."""
        if self._session is not None and not self._session.closed:
            return False
        session = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
        died = self._bury_the_dead(session)
        row = session.execute("INSERT INTO consumer_lives DEFAULT VALUES RETURNING id").fetchone()
        assert row
        self._id = row[0]
        session.execute("SELECT pg_advisory_lock(%s, %s)", (CONSUMER_LIVES, self._id))
        self._session = session
        return died

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
