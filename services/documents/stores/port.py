"""The port to whatever keeps bytes. A key is `<client>/<blob>` with what it is after a dot; bytes never change.

What `put` has returned from is there after a loss of power; what it has not returned from is nowhere, or is found by
`everything` and removed by `verify`.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from shared.errors import Unavailable
from shared.words import Words

CHUNK = 1024 * 1024
AWAY = Words("The store of files does not answer. Please try again in a moment.")


class StoreAway(Unavailable):
    """The store cannot be reached, refuses or is full."""

    def __init__(self, reason: object) -> None:
        super().__init__(AWAY)
        self.reason = str(reason)


class Store(Protocol):
    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        """Keeps the bytes under the key, or nothing of them: also when `chunks` raises. Raises StoreAway."""

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to, and without, `end`. Raises StoreAway, and KeyError where there are none."""

    def size(self, key: str) -> int | None:
        """How many bytes there are; None where there is no such key. Raises StoreAway."""

    def remove(self, key: str) -> None:
        """None of that key is no error. Raises StoreAway."""

    def everything(self) -> Iterator[tuple[str, float]]:
        """Every key with the time at which it was put, as seconds since 1970. Raises StoreAway."""
