"""What the worker does for billing, again and again: any number of workers may."""

from services.memberships.billing import notices, retries
from services.memberships.billing.clock import turn
from shared import clock
from shared.db import Database
from shared.roles import Duty

TURN = 2.0
"""Seconds for which batch after batch is raised: enough to keep the calls to the gateway in flight that follow."""


def bill(database: Database) -> bool:
    """What is due, for some seconds at most; whether there was anything."""
    began, did = clock.monotonic(), False
    while clock.monotonic() - began < TURN and turn(database):
        did = True
    return did


DUTIES = [
    Duty("billing.clock", 2.0, bill),
    Duty("billing.retries", 2.0, retries.turn),
    Duty("billing.notices", 60.0, notices.turn),
]
