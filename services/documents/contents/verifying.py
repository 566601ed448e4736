"""Whether rows and store agree, whoever was killed when: rows without bytes, and bytes without a row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from services.documents.contents.models import Blob
from services.documents.stores.port import Store
from shared import clock
from shared.db import Database

YOUNG_SECONDS = 3600
"""Bytes that came less than an hour ago may be on their way to a row."""
AT_ONCE = 1000


@dataclass
class Findings:
    blobs: int = 0
    missing: list[str] = field(default_factory=list)
    """Keys that a row names, and the store has not, or with another size: nothing brings those back but a backup."""
    stray: list[str] = field(default_factory=list)
    """Keys of no row."""


def verify(
    database: Database, store: Store, *, repair: bool, young: float = YOUNG_SECONDS,
    progress: Callable[[], object] = lambda: None,
) -> Findings:  # fmt: skip
    """Compares both, and with `repair` removes what belongs to no row. It runs beside everything else."""
    found, known = Findings(), set()
    for blob in _blobs(database):
        found.blobs += 1
        known.update(blob.keys)
        if store.size(blob.key) != blob.size:
            found.missing.append(blob.key)
        found.missing += [key for key in blob.keys[1:] if store.size(key) is None]
        progress()
    for key, put_at in store.everything():
        if key not in known and clock.timestamp() - put_at > young and not _is_known(database, key):
            found.stray.append(key)
            if repair:
                store.remove(key)
    return found


def _blobs(database: Database) -> Iterator[Blob]:
    last: UUID | None = None
    while True:
        with database.transaction() as session:
            statement = select(Blob).order_by(Blob.id).limit(AT_ONCE)
            page = list(session.scalars(statement.where(Blob.id > last) if last else statement))
        yield from page
        if len(page) < AT_ONCE:
            return
        last = page[-1].id


def _is_known(database: Database, key: str) -> bool:
    """Whether a row names it now: it may have come since the rows were read."""
    name = key.rpartition("/")[2].partition(".")[0]
    try:
        blob_id = UUID(name)
    except ValueError:
        return False
    with database.transaction() as session:
        blob = session.get(Blob, blob_id)
        return blob is not None and key in blob.keys
