"""What the worker does for documents: what was deleted long ago goes for good, and so does what never arrived."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, select

from services.documents.documents.actions import purge
from services.documents.documents.models import Document
from services.documents.stores.open import store
from services.documents.stores.port import StoreAway
from shared import clock
from shared.actor import Context, acting
from shared.db import Database
from shared.roles import Duty

AT_ONCE = 50
FORGOTTEN = timedelta(days=1)
"""After its ticket has ended, an announcement without bytes is no document."""


def purge_deleted(database: Database) -> bool:
    """Purges some of what was deleted for longer than it is kept; whether there was any."""
    before = clock.now() - database.config.files.keep_deleted
    due = select(Document).where(Document.state == "deleted", Document.deleted_at <= before)
    with acting(Context("service:documents", "event")), database.transaction() as session:
        found = list(
            session.scalars(due.order_by(Document.deleted_at).limit(AT_ONCE).with_for_update(skip_locked=True))
        )
        keys = [key for document in found for key in purge(session, document)]
    remove(database, keys)
    return bool(found)


def remove(database: Database, keys: list[str]) -> None:
    """From the store, after their rows are gone. What is left over by a store that is away, `verify` finds."""
    for key in keys:
        with suppress(StoreAway):
            store(database.config).remove(key)


def forget_unsent(database: Database) -> bool:
    ended = clock.now() - FORGOTTEN
    with database.transaction() as session:
        session.execute(delete(Document).where(Document.state == "awaits_content", Document.ticket_until < ended))
    return False


DUTIES = [
    Duty("documents.purge_deleted", 300.0, purge_deleted),
    Duty("documents.forget_unsent", 3600.0, forget_unsent),
]
