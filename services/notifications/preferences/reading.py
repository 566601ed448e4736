"""A client's preferences as they are shown, to staff and to the client."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.checks.rules import can_be_off
from services.notifications.consents.reading import current_wordings
from services.notifications.copies.models import Client
from services.notifications.preferences.matrix import Matrix, matrix_of
from services.notifications.preferences.models import Change, Sheet
from shared.errors import NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND

LAST = (
    select(Change.kind, Change.channel, Change.at, Change.source, actor_name(Change.by).label("by_name"))
    .ext(distinct_on(Change.kind, Change.channel))
    .order_by(Change.kind, Change.channel, Change.id.desc())
)


def preferences_of(session: Session | Connection, client_id: UUID, language: str | None = None) -> dict[str, Any]:
    """All of it, with the words in the client's language unless another is asked for. Raises NotFound."""
    client = client_of(session, client_id)
    matrix = matrix_of(session, client.id, client.preferred_branch_id)
    version = session.scalar(select(Sheet.version).where(Sheet.client_id == client.id)) or 0
    last = {(row.kind, row.channel): row for row in session.execute(LAST.where(Change.client_id == client.id))}
    return {
        "client_id": client.id,
        "version": version,
        "points": [_point(matrix.points[channel]) for channel in CHANNELS if channel in matrix.points],
        "switches": [
            _switch(matrix, kind, channel, last.get((kind, channel))) for kind in KINDS for channel in CHANNELS
        ],
        "wordings": current_wordings(session, language or client.language),
    }


def client_of(session: Session | Connection, client_id: UUID) -> Any:
    """The client, or the one that they have become. Raises NotFound."""
    found = session.execute(select(Client.__table__).where(Client.id == client_id)).one_or_none()
    if found is None or found.erased_at is not None:
        raise NotFound(NOT_FOUND)
    return client_of(session, found.merged_into) if found.merged_into else found


def _point(row: Any) -> dict[str, Any]:
    shown = ("channel", "suppression_id", "suppressed", "suppressed_at")
    address = "" if row.channel == "push" else row.address
    return {"address": address, **{name: getattr(row, name) for name in shown}}


def _switch(matrix: Matrix, kind: str, channel: str, last: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "channel": channel,
        "on": matrix.is_on(kind, channel),
        "chosen": (kind, channel) in matrix.choices,
        "can_be_off": can_be_off(kind, channel),
        "agreed_elsewhere": kind == "marketing" and channel in matrix.agreed_elsewhere,
        "last": last._mapping if last else None,
    }
