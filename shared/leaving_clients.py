"""What becomes of the copy of a client whom `clients` archives or merges into another; whoever keeps one does the same.

The copy has the columns `id`, `version`, `archived` and `merged_into`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from shared.errors import Retry
from shared.events.envelope import Event


def archive(session: Session, model: Any, event: Event) -> None:
    """Unless the copy is newer than the event."""
    copy = update(model).where(model.id == UUID(event.subject), model.version < event.version)
    session.execute(copy.values(archived=True, version=event.version))


def merge(session: Session, model: Any, event: Event) -> None:
    """For good, and the first word counts. Who was merged into somebody stays so through a chain of merges.

    Raises Retry while one of the two is not known yet.
    """
    client_id, into = UUID(event.subject), UUID(event.data["surviving_id"])
    if session.get(model, into) is None or session.get(model, client_id) is None:
        raise Retry(f"client {into} or {client_id} is not known yet")
    session.execute(update(model).where(model.merged_into == client_id).values(merged_into=into))
    copy = update(model).where(model.id == client_id, model.merged_into.is_(None))
    version = func.greatest(model.version, event.version)
    session.execute(copy.values(archived=True, version=version, merged_into=into))
