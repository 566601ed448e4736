"""What the chain owes its clients as of the end of a day, added up from the movements of the three ledgers."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from shared.db import run

# Credits are worth what their period cost, each as much as the others of it, less what was refunded; those that no
# period earned have no price. A balance is owed where it was moved: added at one branch and spent at another, it is
# what the one owes and the other is owed.
LIABILITIES = """
    WITH ends AS (
        SELECT id AS branch_id, name, currency,
               (CAST(%(day)s AS date) + 1)::timestamp AT TIME ZONE time_zone AS moment
        FROM branches WHERE %(branches)s::uuid[] IS NULL OR id = ANY(%(branches)s)
    ),
    lots AS (
        SELECT credit.id, credit.branch_id, coalesce(due.currency, ends.currency) AS currency, credit.due_id,
               due.amount - due.refunded AS paid,
               sum(CASE WHEN move.kind IN ('issued', 'rolled_in', 'restored') THEN move.quantity
                        WHEN move.kind IN ('used', 'expired', 'withdrawn', 'removed') THEN -move.quantity
                        ELSE 0 END) AS owed
        FROM credit_movements move
        JOIN credits credit ON credit.id = move.credit_id
        JOIN ends ON ends.branch_id = credit.branch_id
        LEFT JOIN dues due ON due.id = credit.due_id
        WHERE move.at < ends.moment
        GROUP BY credit.id, due.id, ends.currency
    ),
    earned AS (
        SELECT due_id, sum(quantity) AS quantity FROM credits WHERE due_id IN (SELECT due_id FROM lots) GROUP BY due_id
    ),
    owed AS (
        SELECT lots.branch_id, lots.currency, owed AS credits,
               coalesce(round(paid::numeric * owed / earned.quantity), 0) AS credits_value,
               0 AS gift_cards, 0 AS balances
        FROM lots LEFT JOIN earned ON earned.due_id = lots.due_id
        UNION ALL
        SELECT card.branch_id, card.currency, 0, 0, move.amount, 0
        FROM gift_card_movements move
        JOIN gift_cards card ON card.id = move.gift_card_id
        JOIN ends ON ends.branch_id = card.branch_id
        WHERE move.at < ends.moment
        UNION ALL
        SELECT move.branch_id, move.currency, 0, 0, 0, move.amount
        FROM balance_movements move JOIN ends ON ends.branch_id = move.branch_id
        WHERE move.at < ends.moment
    )
    SELECT owed.branch_id, ends.name AS branch_name, owed.currency,
           sum(credits)::bigint AS credits, sum(credits_value)::bigint AS credits_value,
           sum(gift_cards)::bigint AS gift_cards, sum(balances)::bigint AS balances
    FROM owed JOIN ends USING (branch_id)
    GROUP BY owed.branch_id, ends.name, owed.currency
    ORDER BY ends.name, owed.branch_id, owed.currency
"""


def liabilities(connection: Connection, day: date, branches: list[UUID] | None) -> list[dict[str, Any]]:
    """One row for each branch and currency, of these branches or of all, as of the end of their own `day`."""
    return run(connection, LIABILITIES, {"day": day, "branches": branches}).fetchall()
