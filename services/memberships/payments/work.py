"""What the worker does for payments, again and again: any number of workers may."""

from services.memberships.gateways import open as gateways
from services.memberships.payments import looking, pipeline, webhooks
from services.memberships.payments.pipeline import OpenGateway
from shared.db import Database
from shared.roles import Duty


def charge(database: Database) -> bool:
    return pipeline.turn(database, _gateways(database))


def refund(database: Database) -> bool:
    return looking.refunds(database, _gateways(database))


def look_at_disputes(database: Database) -> bool:
    return looking.disputes(database, _gateways(database))


def work_off_webhooks(database: Database) -> bool:
    return webhooks.work_off(database, _gateways(database))


def _gateways(database: Database) -> OpenGateway:
    return lambda account: gateways.gateway(database.config, account)


DUTIES = [
    Duty("payments.charge", 0.2, charge, waits=True),  # for the gateway, while the clock raises what is next
    Duty("payments.webhooks", 0.2, work_off_webhooks),
    Duty("payments.refund", 1.0, refund),
    Duty("payments.disputes", 3600.0, look_at_disputes),
]
