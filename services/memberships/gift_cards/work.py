"""Gift cards expire on their day, at the midnight of their branch; who looked codes up is forgotten."""

from datetime import timedelta

from services.memberships.gift_cards import actions, lookups
from services.memberships.gift_cards.ledger import lock
from shared import clock
from shared.actor import Context, acting
from shared.db import Database, run
from shared.roles import Duty

AT_ONCE = 100
FURTHEST = timedelta(hours=14)
"""Nowhere on earth is the day further on than this from UTC."""

DUE = """
    SELECT card.id FROM gift_cards card JOIN branches branch ON branch.id = card.branch_id
    WHERE card.state = 'active' AND card.expires_on <= %(nearly)s
        AND card.expires_on <= (%(at)s AT TIME ZONE branch.time_zone)::date
    ORDER BY card.expires_on, card.id LIMIT %(most)s FOR UPDATE OF card SKIP LOCKED
"""


def expire(database: Database) -> bool:
    """Some of those whose day has come; whether there were any."""
    now = clock.now()
    values = {"at": now, "nearly": (now + FURTHEST).date(), "most": AT_ONCE}
    with acting(Context("service:memberships", "event")), database.transaction() as session:
        found = run(session, DUE, values).fetchall()
        for row in found:
            actions.expire(session, lock(session, row["id"]))
    return bool(found)


def forget_lookups(database: Database) -> bool:
    with database.transaction() as session:
        lookups.forget_old(session)
    return False


DUTIES = [Duty("gift_cards.expire", 60.0, expire), Duty("gift_cards.forget_lookups", 600.0, forget_lookups)]
