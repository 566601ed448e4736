"""What the worker does for bytes: has them scanned, and makes thumbnails and upright pictures, each from its row."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import select, update

from services.documents.contents import pictures, scanning
from services.documents.contents.models import Blob
from services.documents.stores.open import store
from services.documents.stores.port import Store, StoreAway
from shared import clock
from shared.db import Database
from shared.roles import Duty

log = structlog.get_logger()

MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=5)
"""Longer than anything takes that is done with one file: then another worker may."""


def look_at_files(database: Database) -> bool:
    """Goes on with one file; whether there was one."""
    blob = _take(database)
    if blob is None:
        return False
    kept = store(database.config)
    try:
        changes = _next_step(blob, kept, database.config.files.scanner)
    except (StoreAway, scanning.ScannerAway) as away:
        wait = timedelta(seconds=min(600, 5 * 2**blob.attempts))
        changes = {"due_at": clock.now() + wait}
        log.warning("file_waits", blob=str(blob.id), reason=str(away))
    with database.transaction() as session:
        session.execute(update(Blob).where(Blob.id == blob.id).values(**changes))
    return True


def _take(database: Database) -> Blob | None:
    """One that is due, with a lease on it: whoever is killed over it loses it to another."""
    due = select(Blob).where(Blob.due_at <= clock.now()).order_by(Blob.due_at, Blob.id).limit(1)
    with database.transaction() as session:
        blob = session.scalar(due.with_for_update(skip_locked=True))
        if blob:
            blob.attempts += 1
            blob.due_at = clock.now() + LEASE
        return blob


def _next_step(blob: Blob, kept: Store, scanner: str) -> dict[str, object]:
    """Does it, and answers what the row says from then on."""
    if blob.scan == "waiting":
        with _as_file(kept, blob) as path:
            scan = scanning.scan(scanner, path)
        goes_on = scan == "clean" and blob.preparation == "waiting"
        return {"scan": scan, "attempts": 0, "due_at": clock.now() if goes_on else None}
    if blob.preparation != "waiting":
        return {"due_at": None}
    if blob.attempts > MOST_ATTEMPTS:  # it ended its worker again and again
        return {"preparation": "failed", "problem": "given up", "due_at": None}
    return _prepare(blob, kept)


def _prepare(blob: Blob, kept: Store) -> dict[str, object]:
    with _as_file(kept, blob) as path:
        made = pictures.made_of(path, blob.media_type)
    if made.problem:
        return {"preparation": "failed", "problem": made.problem[:200], "due_at": None}
    for key, content in ((blob.thumbnail_key, made.thumbnail), (blob.rendition_key, made.rendition)):
        if content:
            kept.put(key, [content])
    has = {"has_thumbnail": bool(made.thumbnail), "has_rendition": bool(made.rendition)}
    return {"preparation": "made", "problem": None, "due_at": None, **has}


class _as_file:
    """The bytes in a file of their own, for programs that want one."""

    def __init__(self, kept: Store, blob: Blob) -> None:
        self._kept, self._blob = kept, blob

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="foyer-file-")
        path = Path(self._folder.name) / "content"
        with path.open("wb") as file:
            for piece in self._kept.read(self._blob.key, 0, self._blob.size):
                file.write(piece)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


Step = Callable[[Database], bool]

DUTIES = [Duty("contents.look_at_files", 1.0, look_at_files)]
