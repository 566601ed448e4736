"""Takes bytes in: measured, hashed and looked at as they come, and never whole in memory."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.documents.contents.kinds import HEAD, media_type
from services.documents.stores.port import CHUNK, Store
from shared.config import Files
from shared.errors import Invalid
from shared.ids import new_id
from shared.words import Words

EMPTY = Words("The file is empty.")
TOO_LARGE = Words("The file is larger than {megabytes} MB.")
NOT_TAKEN = Words("Files of this kind are not taken: a PDF, a picture, plain text or an office document is.")
CUT_OFF = Words("The file did not arrive whole. Please send it again.")

Read = Callable[[int], bytes]
"""Reads up to so many bytes; none at the end."""


@dataclass(frozen=True)
class Received:
    """Bytes that are in the store, and belong to no row yet."""

    blob_id: UUID
    client_id: UUID
    sha256: str
    size: int
    media_type: str

    @property
    def key(self) -> str:
        return f"{self.client_id}/{self.blob_id}"


@dataclass
class Meter:
    """Counts and hashes what goes through, and refuses what must not."""

    read: Read
    name: str
    files: Files
    expected: int | None
    size: int = 0
    media_type: str = ""

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Raises Invalid for what is empty, too large, of another kind or cut off, before its end is kept."""
        while chunk := self.read(CHUNK):
            if not self.size:
                self._look_at(chunk)
            self.size += len(chunk)
            if self.size > self.files.most_bytes:
                raise too_large(self.files)
            self._hash.update(chunk)
            yield chunk
        if not self.size:
            raise refused(EMPTY)
        if self.expected is not None and self.size != self.expected:
            raise refused(CUT_OFF)

    def _look_at(self, first: bytes) -> None:
        kind = media_type(first[:HEAD], self.name)
        if kind is None or kind not in self.files.media_types:
            raise refused(NOT_TAKEN)
        self.media_type = kind


def receive(store: Store, files: Files, client_id: UUID, name: str, read: Read, expected: int | None) -> Received:
    """Puts the bytes into the store, or nothing of them. `expected` is how many were announced.

    Raises Invalid; StoreAway when they cannot be kept. The caller commits a row that names them, or removes them.
    """
    meter, blob_id = Meter(read, name, files, expected), new_id()
    store.put(f"{client_id}/{blob_id}", meter.chunks())
    return Received(blob_id, client_id, meter.sha256, meter.size, meter.media_type)


def refused(words: Words, **values: object) -> Invalid:
    said = words.format(**values)
    return Invalid(said, fields={"file": [said]})


def too_large(files: Files) -> Invalid:
    return refused(TOO_LARGE, megabytes=files.most_bytes // 1_000_000)
