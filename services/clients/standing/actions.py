"""How the client stands with the chain: their status, and whether they may book online. Why stays in the audit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.profiles import rows
from services.clients.profiles.actions import get
from services.clients.profiles.client import Client
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, record
from shared.contracts.clients import CLIENT_BOOKING_BLOCK_CHANGED, CLIENT_STATUS_CHANGED
from shared.errors import Invalid
from shared.words import Words

NO_STATUS = Words("There is no such status.")
RETIRED_STATUS = Words("This status is no longer in use.")


def give_status(session: Session, client: Client, status_id: UUID, reason: str) -> Client:
    """Gives a locked client a status of the chain's list. Raises Invalid for one that is not there, or retired."""
    previous = client["status_id"]
    if status_id == previous:
        return client
    _check_status(session, status_id)
    said = Saying(CLIENT_STATUS_CHANGED, {"status_id": status_id, "previous_status_id": previous})
    return _change(session, client, {"status_id": status_id}, {"status_id": (previous, status_id)}, said, reason)


def block_booking(session: Session, client: Client, blocked: bool, reason: str) -> Client:
    """Puts a locked client on the appointment black list, or takes them off it. Another reason is a change too."""
    before = {"blocked": client["booking_blocked"], "reason": client["booking_block_reason"]}
    after = {"blocked": blocked, "reason": reason if blocked else None}
    if before == after:
        return client
    columns = {
        "booking_blocked": blocked,
        "booking_block_reason": after["reason"],
        "booking_block_by": current().actor_id if blocked else None,
        "booking_block_at": clock.now() if blocked else None,
    }
    changes = {"booking_blocked": (before["blocked"], blocked)}
    said = Saying(CLIENT_BOOKING_BLOCK_CHANGED, {"blocked": blocked})
    return _change(session, client, columns, changes, said, reason)


def _check_status(session: Session, status_id: UUID) -> None:
    active = session.execute(text("SELECT active FROM statuses WHERE id = :id"), {"id": status_id}).scalar()
    if not active:
        problem = NO_STATUS if active is None else RETIRED_STATUS
        raise Invalid(problem, fields={"status_id": [problem.format()]})


def _change(
    session: Session, client: Client, columns: Mapping[str, Any], changes: Changes, said: Saying, reason: str
) -> Client:
    after = rows.update(session, client, columns)
    record(
        session,
        about=client["id"],
        kind="client",
        version=after["version"],
        changes=changes,
        says=[said],
        reason=reason,
    )
    return get(session, client["id"])  # with the words of the status, and the name of who blocked
