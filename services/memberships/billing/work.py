"""What the worker does for billing, again and again: any number of workers may."""

from services.memberships.billing import clock, notices, retries
from shared import clock as time
from shared.db import Database
from shared.roles import Duty

TURN = 2.0
"""Seconds for which batch after batch is raised: enough to keep the calls to the gateway in flight that follow."""


def bill(database: Database) -> bool:
    """What is due, for some seconds at most; whether there was anything."""
    began, did = time.monotonic(), False
    while time.monotonic() - began < TURN and clock.turn(database):
        did = True
    return did


DUTIES = [
    Duty("billing.clock", 2.0, bill),
    Duty("billing.retries", 2.0, retries.turn),
    Duty("billing.notices", 60.0, notices.turn),
]
