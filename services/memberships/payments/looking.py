"""Carries out refunds and looks after them, and after disputes that are not decided yet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from sqlalchemy import select

from services.memberships.gateways.port import DisputeOutcome, Gateway
from services.memberships.payments import disputing, refunding
from services.memberships.payments.models import Attempt, Dispute
from services.memberships.payments.pipeline import IN_FLIGHT, PIPELINE, OpenGateway
from services.memberships.payments.refund_steps import TakenRefund, ask, pause
from shared import clock
from shared.actor import acting
from shared.db import Database, run

log = structlog.get_logger()

BATCH = 40
LEASE = timedelta(seconds=60)

TAKE = """
    WITH free AS (
        SELECT id FROM refunds WHERE look_at <= %(now)s ORDER BY look_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE refunds SET state = CASE state WHEN 'written' THEN 'sent' ELSE state END,
            looks = looks + 1, look_at = %(until)s
        FROM free WHERE refunds.id = free.id RETURNING refunds.*
    )
    SELECT taken.id, taken.state, taken.account, taken.amount, attempts.gateway_id AS charge_id, taken.gateway_id,
           taken.looks, taken.created_at
    FROM taken JOIN attempts ON attempts.id = taken.attempt_id
"""
NOT_KNOWN = """
    UPDATE refunds SET look_at = %(at)s, state = CASE state WHEN 'sent' THEN 'unknown' ELSE state END
    WHERE id = %(id)s AND looks = %(looks)s AND look_at IS NOT NULL
"""


def refunds(database: Database, gateway_of: OpenGateway) -> bool:
    """One batch of refunds that are to be asked for or looked at; whether there was any."""
    now = clock.now()
    with database.reading() as connection:
        found = run(connection, TAKE, {"now": now, "until": now + LEASE, "limit": BATCH}).fetchall()
    if not found:
        return False
    taken = [TakenRefund(**row) for row in found]
    with ThreadPoolExecutor(min(IN_FLIGHT, len(taken)), "refunds") as pool:
        outcomes = list(pool.map(lambda each: ask(each, gateway_of(each.account)), taken))
    for each, outcome in zip(taken, outcomes, strict=True):
        if outcome is None:
            _look_later(database, each)
        else:
            with acting(PIPELINE), database.transaction() as session:
                refunding.settle_refund(session, each.id, outcome)
    return True


def _look_later(database: Database, taken: TakenRefund) -> None:
    now = clock.now()
    wait = pause(taken.state, taken.looks, now - taken.created_at)
    with database.reading() as connection:
        run(connection, NOT_KNOWN, {"id": taken.id, "looks": taken.looks, "at": wait and now + wait})


def disputes(database: Database, gateway_of: OpenGateway) -> bool:
    """Looks at every dispute that is open: should the gateway's word have been lost, its decision is found."""
    with database.reading() as connection:
        statement = select(Dispute.account, Dispute.gateway_id, Dispute.attempt_id).where(Dispute.state == "open")
        waiting = connection.execute(statement).all()
    for account, gateway_id, attempt_id in waiting:
        outcome = _find(gateway_of(account), gateway_id)
        if outcome and outcome.state != "open":
            with acting(PIPELINE), database.transaction() as session:
                disputing.settle_dispute(session, session.get_one(Attempt, attempt_id), outcome)
    return False


def _find(gateway: Gateway, gateway_id: str) -> DisputeOutcome | None:
    try:
        return gateway.find_dispute(gateway_id)
    except Exception as error:
        log.warning("dispute_not_looked_up", dispute=gateway_id, reason=repr(error))
        return None
