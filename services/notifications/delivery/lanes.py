"""Which lane has something to send: looked up lane by lane in the index, whatever the server knows of the table.

Asked plainly whether anything is due, a server that has not counted the table since a campaign came reads all of it.
"""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MARKETING
from shared.db import run

FIRST = """
    SELECT lane FROM generate_series(0, %(last)s::int) AS lane
    WHERE EXISTS (
        SELECT FROM messages
        WHERE channel = %(channel)s AND messages.lane = lane.lane AND due_at <= %(now)s
        ORDER BY due_at LIMIT 1 OFFSET 0
    )
    ORDER BY lane LIMIT 1
"""


def first_lane(session: Session | Connection, channel: str, now: datetime, last: int = MARKETING) -> int | None:
    """The most urgent lane of the channel in which something is due, down to the last."""
    found = run(session, FIRST, {"channel": channel, "now": now, "last": last}).fetchone()
    return found["lane"] if found else None
