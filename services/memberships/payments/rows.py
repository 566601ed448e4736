"""What the pipeline reads and writes: each in one statement for many attempts, in a transaction of its own."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.memberships.payments.models import OPEN
from services.memberships.payments.steps import Taken
from shared import clock
from shared.db import Database, run, to_json

LEASE = timedelta(seconds=60)
"""How long others leave an attempt alone that somebody took: longer than two calls may last. Should the lease end
before its holder does, both may ask the gateway, and nothing is charged twice: one id is committed and confirmed."""

TAKE = f"""
    WITH free AS (
        SELECT id FROM attempts WHERE state IN {OPEN} AND look_at <= %(now)s
        ORDER BY look_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE attempts SET
            state = CASE state WHEN 'written' THEN 'sent' ELSE state END,
            sent_at = coalesce(sent_at, %(now)s), looks = looks + 1, look_at = %(until)s
        FROM free WHERE attempts.id = free.id RETURNING attempts.*
    )
    SELECT taken.id, taken.due_id, taken.state, taken.account, taken.amount, taken.currency, taken.gateway_id,
           taken.client_url, taken.sent_at, taken.looks, cards.token AS card, customers.token AS customer,
           dues.state = 'open' AND taken.cancel_asked_at IS NULL AS is_wanted,
           CASE WHEN taken.number > 1 AND taken.gateway_id IS NULL THEN (
               SELECT json_agg(json_build_array(earlier.id, earlier.gateway_id)) FROM attempts earlier
               WHERE earlier.due_id = taken.due_id AND earlier.number < taken.number
                 AND earlier.gateway_id IS NOT NULL AND earlier.sealed_at IS NULL
           ) END AS unsealed
    FROM taken
    JOIN dues ON dues.id = taken.due_id
    JOIN cards ON cards.id = taken.card_id
    JOIN gateway_customers customers ON customers.client_id = cards.client_id AND customers.account = taken.account
    ORDER BY taken.created_at, taken.id
"""
# Another worker may have created it too, when our lease was over: the id that was committed first is the one.
NAME = """
    WITH made AS (
        SELECT * FROM json_to_recordset(%(made)s) AS made (id uuid, gateway_id text)
    ), free AS (
        SELECT attempts.id FROM attempts JOIN made ON made.id = attempts.id
        WHERE attempts.state = 'sent' AND attempts.gateway_id IS NULL AND attempts.cancel_asked_at IS NULL
        ORDER BY attempts.id FOR UPDATE OF attempts
    )
    UPDATE attempts SET gateway_id = made.gateway_id, look_at = %(until)s
    FROM free JOIN made ON made.id = free.id WHERE attempts.id = free.id RETURNING attempts.id
"""
LATER = f"""
    WITH waiting AS (
        SELECT * FROM json_to_recordset(%(waiting)s) AS waiting (id uuid, looks integer, look_at timestamptz, lost bool)
    ), mine AS (
        SELECT attempts.id FROM attempts JOIN waiting ON waiting.id = attempts.id
        WHERE attempts.state IN {OPEN} AND attempts.looks = waiting.looks
        ORDER BY attempts.id FOR UPDATE OF attempts
    )
    UPDATE attempts SET look_at = waiting.look_at,
        state = CASE WHEN waiting.lost AND state = 'sent' THEN 'unknown' ELSE state END
    FROM mine JOIN waiting ON waiting.id = mine.id WHERE attempts.id = mine.id
"""


def take(database: Database, limit: int) -> list[Taken]:
    """The attempts that wait for longest, for nobody else until the lease is over."""
    now = clock.now()
    with database.reading() as connection:
        found = run(connection, TAKE, {"now": now, "until": now + LEASE, "limit": limit}).fetchall()
    return [_taken(row) for row in found]


def name(database: Database, made: Mapping[UUID, str]) -> set[UUID]:
    """Commits what the gateway calls them; answers those for which this is the name from now on."""
    sent = to_json([{"id": attempt_id, "gateway_id": gateway_id} for attempt_id, gateway_id in made.items()])
    with database.reading() as connection:
        return {row["id"] for row in run(connection, NAME, {"made": sent, "until": clock.now() + LEASE})}


def look_later(database: Database, waiting: Iterable[tuple[Taken, timedelta, bool]]) -> None:
    """Lets go of attempts, to be looked at again after a while; with True, what became of a confirmation is unknown.

    An attempt that somebody else has taken in the meantime is theirs.
    """
    now = clock.now()
    rows = [
        {"id": taken.id, "looks": taken.looks, "look_at": now + pause, "lost": lost} for taken, pause, lost in waiting
    ]
    with database.reading() as connection:
        run(connection, LATER, {"waiting": to_json(rows)})


def _taken(row: dict[str, Any]) -> Taken:
    earlier = [(UUID(attempt_id), gateway_id) for attempt_id, gateway_id in row.pop("unsealed") or ()]
    return Taken(unsealed=earlier, **row)
