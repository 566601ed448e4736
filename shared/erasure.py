"""Erasing a person from what the platform itself keeps in a service's database."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


def forget_bodies(session: Session, person_id: UUID) -> int:
    """Deletes the retries and dead letters that speak of a person; answers how many there were.

    What waits in the outbox is not touched: others must hear it, and it is gone once it is published.
    """
    found = text("DELETE FROM failures WHERE position(CAST(:id AS text) IN body) > 0")
    return session.execute(found, {"id": str(person_id)}).rowcount  # type: ignore[attr-defined]
