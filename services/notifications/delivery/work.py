"""What the worker does for messages: a sender for each channel, and forgetting what nobody needs any more."""

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from services.notifications.catalogue.message_type import CHANNELS, Channel
from services.notifications.delivery.lanes import first_lane
from services.notifications.delivery.sending import Sender
from services.notifications.delivery.waking import Sleeper
from services.notifications.providers.opening import provider
from shared import clock
from shared.db import Database
from shared.roles import Duty

KEPT = timedelta(days=90)
"""For as long as a body can be read."""
MOST = 1000

PURGE = text(
    "UPDATE messages SET subject = NULL, body = NULL, html = NULL, data = NULL, address = NULL, secret = NULL,"
    " purged_at = :now WHERE id IN (SELECT id FROM messages WHERE purged_at IS NULL AND created_at < :before"
    " AND due_at IS NULL ORDER BY created_at LIMIT :most)"
)

_mine = threading.local()


def _sending(channel: Channel) -> Callable[[Database], bool]:
    def send(database: Database) -> bool:
        """One claim; without one it sleeps until there is something, or for a second."""
        if getattr(_mine, "database", None) is not database:
            _mine.database, _mine.sender = database, Sender(database, provider(database, channel))
            _mine.sleeper = Sleeper(database, channel)
        if _mine.sender.step():
            _mine.sleeper.stay_awake()
        else:
            _mine.sleeper.sleep(lambda: _is_due(database, channel))
        return True

    return send


def _is_due(database: Database, channel: str) -> bool:
    with database.reading() as connection:
        return first_lane(connection, channel, clock.now()) is not None


def purge(database: Database) -> bool:
    """Bodies, addresses and what they were written from, of what is older than 90 days and at its end."""
    now = clock.now()
    with database.transaction() as session:
        values = {"now": now, "before": now - KEPT, "most": MOST}
        gone = session.execute(PURGE, values).rowcount  # type: ignore[attr-defined]
    return bool(gone == MOST)


DUTIES = [
    *(Duty(f"delivery.{channel}", 1.0, _sending(channel), waits=True) for channel in CHANNELS),
    Duty("delivery.purge", 600.0, purge),
]
