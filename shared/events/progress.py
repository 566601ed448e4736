"""How far a service has come with what it hears: everything that reached its queue before `caught_up_at` was taken.

A row in the service's own database and no question to the broker: so the age of a queue means the same on every
transport, is right while a consumer is gone or cut off, and any other role can tell it.
"""

from datetime import datetime

from sqlalchemy import text

from shared import clock
from shared.db import Database

EVERY_SECONDS = 2.0


class Progress:
    """Written every two seconds and not with every batch: the age is that much too high at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted = float("-inf")

    def note(self, caught_up_at: datetime) -> None:
        """Never goes back: of several consumers the one that is furthest counts."""
        if clock.monotonic() - self._noted < EVERY_SECONDS:
            return
        self._noted = clock.monotonic()
        with self._database.transaction() as session:
            session.execute(
                text("UPDATE consumer_progress SET caught_up_at = greatest(caught_up_at, :at)"), {"at": caught_up_at}
            )
