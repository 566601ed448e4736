"""Bytes as files below a folder. Written beside their place first, and moved there when the disk has them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path

from services.documents.stores.port import CHUNK, StoreAway
from shared.aside import aside, begun_aside
from shared.ids import new_id

UNFINISHED = ".unfinished"
READ = 4 * CHUNK
"""So much is read at a time: each turn of a thread costs a tenth of a millisecond, and holds that much memory twice."""
SYNCED = 16 * CHUNK
"""So much is handed to the disk at a time."""


class FolderStore:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        place = self._place(key)
        unfinished = self._root / UNFINISHED / new_id().hex
        with _said():
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with _said(), unfinished.open("xb", buffering=0) as file:
                _write(file, chunks)
            with _said():
                unfinished.rename(place)
                _sync(place.parent)
        finally:
            unfinished.unlink(missing_ok=True)

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        try:
            file = self._place(key).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise KeyError(key) from error
        except OSError as error:
            raise StoreAway(error) from error
        return _pieces(file, start, end)

    def size(self, key: str) -> int | None:
        with _said():
            place = self._place(key)
            return place.stat().st_size if place.exists() else None

    def remove(self, key: str) -> None:
        with _said():
            self._place(key).unlink(missing_ok=True)

    def everything(self) -> Iterator[tuple[str, float]]:
        """What was never finished is among them: it belongs to no row, and is removed like the rest of its kind."""
        with _said():
            for path in self._root.rglob("*"):
                if path.is_file():
                    yield path.relative_to(self._root).as_posix(), path.stat().st_mtime

    def _place(self, key: str) -> Path:
        return self._root / key


def _write(file: FileIO, chunks: Iterable[bytes]) -> None:
    """The disk takes what has come while more comes: at the end it would stop the worker for as long as all of it."""
    unsynced = 0
    with ExitStack() as behind:  # ends before the file is closed
        for chunk in chunks:
            file.write(chunk)
            unsynced += len(chunk)
            if unsynced >= SYNCED:
                behind.close()  # one piece at a time
                behind.callback(begun_aside(os.fdatasync, file.fileno()))
                unsynced = 0
    aside(os.fsync, file.fileno())


@contextmanager
def _said() -> Iterator[None]:
    """What a disk has against it, in the words of a store."""
    try:
        yield
    except OSError as error:
        raise StoreAway(error) from error


def _pieces(file: object, start: int, end: int) -> Iterator[bytes]:
    with file as open_file:  # type: ignore[attr-defined]
        open_file.seek(start)
        left = end - start
        while left > 0 and (piece := open_file.read(min(READ, left))):
            left -= len(piece)
            yield piece


def _sync(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
