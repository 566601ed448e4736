"""Erasing a person from what the platform itself keeps in a service's database."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

BODIES = (
    text("DELETE FROM failures WHERE position(CAST(:id AS text) IN body) > 0"),
    text(
        "DELETE FROM idempotency_keys WHERE position(CAST(:id AS text) IN lower(route)) > 0"
        " OR position(convert_to(:id, 'UTF8') IN answer) > 0"
    ),
)


def forget_bodies(session: Session, person_id: UUID) -> int:
    """Deletes the retries, dead letters and kept answers that speak of a person; answers how many there were.

    An answer that does not name the person's id, nor has it in its path, goes by itself within a day. What waits in the
    outbox is not touched: others must hear it, and it is gone once it is published.
    """
    values = {"id": str(person_id)}
    return sum(session.execute(found, values).rowcount for found in BODIES)  # type: ignore[attr-defined]
