"""What the worker does for billing, again and again: any number of workers may."""

from services.memberships.billing import clock, notices, retries
from shared.roles import Duty

DUTIES = [
    Duty("billing.clock", 2.0, clock.turn),
    Duty("billing.retries", 2.0, retries.turn),
    Duty("billing.notices", 60.0, notices.turn),
]
