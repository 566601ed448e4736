"""Month by month and branch by branch: what came in, what failed and was recovered, who joined and who left.

A month is the branch's own. Each is one statement over the rows themselves: there is nothing that could go out of step.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from shared.db import run

PLACES = """
    places AS (
        SELECT id, name, time_zone FROM branches WHERE %(branches)s::uuid[] IS NULL OR id = ANY(%(branches)s)
    )
"""
# What was taken counts in the month in which it was taken, and what was given back in that in which it was given.
REVENUE = f"""
    WITH {PLACES},
    moved AS (
        SELECT branch_id, currency, closed_at AS at, amount AS taken, 0 AS refunded, 0 AS lost, 1 AS payments
        FROM dues WHERE state NOT IN ('open', 'skipped', 'written_off') AND closed_at IS NOT NULL
        UNION ALL
        SELECT due.branch_id, refund.currency, refund.finished_at, 0, refund.amount, 0, 0
        FROM refunds refund JOIN dues due ON due.id = refund.due_id
        WHERE refund.state = 'succeeded' AND NOT refund.surplus
        UNION ALL
        SELECT due.branch_id, dispute.currency, dispute.closed_at, 0, 0, dispute.amount, 0
        FROM disputes dispute JOIN dues due ON due.id = dispute.due_id WHERE dispute.state = 'lost'
    )
    SELECT date_trunc('month', at AT TIME ZONE time_zone)::date AS month, places.id AS branch_id,
           name AS branch_name, currency, sum(taken)::bigint AS taken, sum(refunded)::bigint AS refunded,
           sum(lost)::bigint AS lost, sum(payments)::bigint AS payments
    FROM moved JOIN places ON places.id = branch_id
    WHERE at AT TIME ZONE time_zone >= %(since)s
    GROUP BY 1, 2, 3, 4 HAVING sum(payments) > 0 OR sum(refunded) > 0 OR sum(lost) > 0
    ORDER BY 1, name, currency
"""
DUNNING = f"""
    WITH {PLACES},
    asked AS (
        SELECT due.*, EXISTS (
            SELECT FROM attempts WHERE due_id = due.id AND attempts.state IN ('declined_soft', 'declined_hard')
        ) AS has_failed
        FROM dues due WHERE due_on >= %(since)s AND state <> 'skipped' AND amount > 0
    )
    SELECT date_trunc('month', due_on)::date AS month, places.id AS branch_id, name AS branch_name, currency,
           sum(amount)::bigint AS due,
           coalesce(sum(amount) FILTER (WHERE has_failed), 0)::bigint AS failed,
           coalesce(sum(amount) FILTER (WHERE has_failed AND state NOT IN ('open', 'written_off')), 0)::bigint
               AS recovered,
           coalesce(sum(amount) FILTER (WHERE state = 'open'), 0)::bigint AS open,
           coalesce(sum(amount) FILTER (WHERE state = 'written_off'), 0)::bigint AS written_off
    FROM asked JOIN places ON places.id = branch_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1, name, currency
"""
MEMBERS = f"""
    WITH {PLACES},
    months AS (
        SELECT generate_series(%(since)s::date, %(until)s::date, interval '1 month')::date AS month
    )
    SELECT month, places.id AS branch_id, name AS branch_name,
           count(*) FILTER (WHERE starts_on >= month AND starts_on < month + interval '1 month') AS won,
           count(*) FILTER (WHERE lifecycle = 'ended' AND ends_on >= month AND ends_on < month + interval '1 month')
               AS lost,
           count(*) FILTER (
               WHERE starts_on < month + interval '1 month'
                 AND (lifecycle <> 'ended' OR ends_on >= month + interval '1 month')
           ) AS members
    FROM months CROSS JOIN places JOIN memberships ON memberships.branch_id = places.id
    WHERE starts_on < month + interval '1 month'
    GROUP BY 1, 2, 3 ORDER BY 1, name
"""
MOST_STUCK = 500
STUCK = f"""
    WITH {PLACES},
    stuck AS (
        SELECT CASE WHEN due.kind = 'period' AND membership.collection IN ('needs_client', 'waits_for_card', 'gave_up')
                    THEN membership.collection ELSE 'unpaid' END AS what,
               due.id AS due_id, due.amount, due.raised_at AS since
        FROM dues due LEFT JOIN memberships membership ON membership.id = due.membership_id
        WHERE due.state = 'open'
          AND (due.retry_at IS NULL OR membership.collection IN ('needs_client', 'waits_for_card', 'gave_up'))
          AND NOT EXISTS (SELECT FROM attempts WHERE due_id = due.id AND state IN ('written', 'sent', 'processing'))
        UNION ALL
        SELECT 'unknown', due_id, amount, created_at FROM attempts
        WHERE state = 'unknown' AND created_at < %(now)s - interval '1 hour'
        UNION ALL
        SELECT 'refund_failed', due_id, amount, finished_at FROM refunds
        WHERE state = 'failed' AND finished_at >= %(since)s
        UNION ALL
        SELECT 'disputed', due_id, amount, opened_at FROM disputes WHERE state = 'open'
    )
    SELECT what, stuck.due_id, due.membership_id, due.client_id, clients.name AS client_name,
           places.id AS branch_id, places.name AS branch_name, stuck.amount, due.currency, due.number AS period,
           due.due_on, since
    FROM stuck JOIN dues due ON due.id = stuck.due_id JOIN places ON places.id = due.branch_id
    LEFT JOIN clients ON clients.id = due.client_id
    ORDER BY since, stuck.due_id LIMIT {MOST_STUCK}
"""

Rows = list[dict[str, Any]]


def revenue(connection: Connection, since: date, branches: list[UUID] | None) -> Rows:
    """What was taken, given back and lost to disputes, from the month that begins with `since`."""
    return run(connection, REVENUE, {"since": since, "branches": branches}).fetchall()


def dunning(connection: Connection, since: date, branches: list[UUID] | None) -> Rows:
    """What fell due, what of it failed at first, and what of that came in all the same."""
    return run(connection, DUNNING, {"since": since, "branches": branches}).fetchall()


def members(connection: Connection, since: date, until: date, branches: list[UUID] | None) -> Rows:
    """Who joined and left in each month, and how many there were at its end."""
    return run(connection, MEMBERS, {"since": since, "until": until, "branches": branches}).fetchall()


def stuck(connection: Connection, now: Any, since: date, branches: list[UUID] | None) -> Rows:
    """What does not go on by itself, oldest first, at most 500: unpaid without another try, unknown for an hour,
    refunds that failed since then, open disputes."""
    return run(connection, STUCK, {"now": now, "since": since, "branches": branches}).fetchall()
