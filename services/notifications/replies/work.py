"""What the worker does for replies: forgets what was written, as it forgets what we wrote."""

from sqlalchemy import text

from services.notifications.delivery.work import KEPT
from shared import clock
from shared.db import Database
from shared.roles import Duty

PURGE = text(
    "UPDATE replies SET body = NULL, number = NULL, purged_at = :now WHERE id IN"
    " (SELECT id FROM replies WHERE purged_at IS NULL AND received_at < :before ORDER BY id LIMIT 1000)"
)


def purge(database: Database) -> bool:
    """Words and numbers of what is older than 90 days."""
    now = clock.now()
    with database.transaction() as session:
        gone = session.execute(PURGE, {"now": now, "before": now - KEPT}).rowcount  # type: ignore[attr-defined]
    return bool(gone == 1000)


DUTIES = [Duty("replies.purge", 600.0, purge)]
