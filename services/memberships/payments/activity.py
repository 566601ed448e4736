"""Payment activity (P23): everything that was tried, taken, given back and disputed of a membership, newest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.memberships.gateways.declines import decline_of
from services.memberships.payments.refunding import PAID_TWICE
from shared.db import run
from shared.words import Words

STATES: dict[str, Words] = {
    "written": Words("On its way"),
    "sent": Words("On its way"),
    "processing": Words("The bank is working on it"),
    "unknown": Words("The bank's answer was lost; it is being asked for"),
    "needs_client": Words("The client has to confirm it with their bank"),
    "succeeded": Words("Paid"),
    "declined_soft": Words("Declined"),
    "declined_hard": Words("Declined"),
    "void": Words("Called off; nothing was taken"),
    "settled": Words("Paid"),
    "written_off": Words("Written off"),
    "refund_written": Words("Refund on its way"),
    "refund_succeeded": Words("Given back"),
    "refund_failed": Words("The refund failed: the money is still with us"),
    "dispute_open": Words("The client's bank takes it back"),
    "dispute_won": Words("Dispute won: the money stays"),
    "dispute_lost": Words("Dispute lost: the money is gone"),
}
NOT_CONFIRMED = Words("The client has not confirmed it with their bank.")
CAME_TWICE = Words("This was paid already: all of it goes back.")
REFUND_REFUSED = Words("The card does not take money back any more. Give it back to the balance, or at the desk.")
BY_ITSELF = Words("By itself")

ACTIVITY = """
    WITH ours AS (SELECT * FROM dues WHERE membership_id = %(membership)s),
    happened AS (
        SELECT attempts.id, 'attempt' AS kind, attempts.created_at AS at, due_id, attempts.amount, attempts.state,
               attempts.state AS shown, attempts.number AS attempt, card_id, 'card' AS tender, actor, code, client_url,
               attempts.finished_at
        FROM attempts JOIN ours ON ours.id = due_id
        UNION ALL
        SELECT id, 'settlement', closed_at, id, amount, state, state, NULL, NULL, tender,
               (SELECT actor FROM audit WHERE about = membership_id AND kind = 'payment' AND row_id = ours.id
                  AND changes ? 'state' ORDER BY position DESC LIMIT 1), NULL, NULL, closed_at
        FROM ours WHERE (state = 'settled' AND tender IS NOT NULL) OR state = 'written_off'
        UNION ALL
        SELECT refunds.id, 'refund', refunds.created_at, refunds.due_id, -refunds.amount, refunds.state,
               'refund_' || CASE WHEN refunds.state IN ('succeeded', 'failed') THEN refunds.state ELSE 'written' END,
               NULL, attempts.card_id, destination, coalesce('staff:' || created_by, 'service:memberships'),
               CASE WHEN surplus THEN %(twice)s WHEN refunds.state = 'failed' THEN 'refund_failed' END, NULL,
               refunds.finished_at
        FROM refunds JOIN ours ON ours.id = refunds.due_id LEFT JOIN attempts ON attempts.id = refunds.attempt_id
        UNION ALL
        SELECT disputes.id, 'dispute', opened_at, disputes.due_id, -disputes.amount, disputes.state,
               'dispute_' || disputes.state, NULL, attempts.card_id, 'card', NULL, NULL, NULL, disputes.closed_at
        FROM disputes JOIN ours ON ours.id = disputes.due_id JOIN attempts ON attempts.id = disputes.attempt_id
    )
    SELECT happened.*, ours.id AS payment_id, ours.kind AS payment_kind, ours.number AS period, ours.invoice_number,
           ours.currency, cards.brand AS card_brand, cards.last_four AS card_last_four, employees.name AS employee_name
    FROM happened JOIN ours ON ours.id = happened.due_id
    LEFT JOIN cards ON cards.id = happened.card_id
    LEFT JOIN employees ON 'staff:' || employees.id = happened.actor
    WHERE %(at)s::timestamptz IS NULL OR (happened.at, happened.id) < (%(at)s, %(id)s)
    ORDER BY happened.at DESC, happened.id DESC LIMIT %(limit)s
"""
ONE = """
    SELECT attempts.*, dues.kind AS payment_kind, dues.number AS period, dues.membership_id, dues.invoice_number,
           dues.branch_id, dues.payer_id, cards.brand AS card_brand, cards.last_four AS card_last_four,
           employees.name AS employee_name, plans.name AS plan_name
    FROM attempts JOIN dues ON dues.id = attempts.due_id JOIN cards ON cards.id = attempts.card_id
    LEFT JOIN employees ON 'staff:' || employees.id = attempts.actor
    LEFT JOIN plans ON plans.id = dues.plan_id
    WHERE attempts.id = %(id)s
"""


def of_membership(
    connection: Connection | Session, membership_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """What happened before that moment and id, newest first."""
    at, row_id = before or (None, None)
    values = {"membership": membership_id, "at": at, "id": row_id, "limit": limit, "twice": PAID_TWICE}
    return [_worded(row) for row in run(connection, ACTIVITY, values)]


def of_attempt(connection: Connection | Session, attempt_id: UUID) -> dict[str, Any] | None:
    """One attempt; None when there is none."""
    row = run(connection, ONE, {"id": attempt_id}).fetchone()
    return row and _worded({**row, "shown": row["state"], "payment_id": row["due_id"], "attempt": row["number"]})


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    by = row["employee_name"] or (BY_ITSELF.format() if row["actor"] == "service:memberships" else None)
    return {**row, "state_said": STATES[row["shown"]].format(), "reason": reason(row["code"]), "by": by}


def reason(code: str | None) -> str | None:
    """Why it failed, or why it is there, as a person says it."""
    ours = {
        PAID_TWICE: CAME_TWICE,
        "authentication_not_handled": NOT_CONFIRMED,
        "refund_failed": REFUND_REFUSED,
    }
    if code is None:
        return None
    return (ours.get(code) or decline_of(code).words).format()
