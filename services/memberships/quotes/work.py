"""Forgets quotes that nobody can use any more."""

from datetime import timedelta

from sqlalchemy import text

from shared import clock
from shared.db import Database
from shared.roles import Duty

KEPT = timedelta(days=1)
"""After it has expired: long enough to look up what somebody was shown."""
MOST = 1000

FORGET = text(
    "DELETE FROM quotes WHERE id IN (SELECT id FROM quotes WHERE expires_at < :before ORDER BY expires_at LIMIT :most)"
)


def forget_old(database: Database) -> bool:
    """A batch of them; says whether there may be more."""
    with database.transaction() as session:
        gone = session.execute(FORGET, {"before": clock.now() - KEPT, "most": MOST}).rowcount  # type: ignore[attr-defined]
    return bool(gone == MOST)


DUTIES = [Duty("quotes.forget_old", 600.0, forget_old)]
