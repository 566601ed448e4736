"""A file among the parts of a form (RFC 7578), read as it comes: the fields first, then the file, piece by piece."""

from collections.abc import Callable, Iterator

from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from services.documents.contents.receiving import CUT_OFF, Read, refused
from services.documents.stores.port import CHUNK

MOST_OF_FIELDS = 100_000
"""Bytes of everything that stands before the file."""


class Parts:
    """`fields` and `filename` are there at once; the file is read with `read`. Raises Invalid for what is no such form,
    or was cut off."""

    def __init__(self, read: Read, boundary: bytes) -> None:
        self._read = read
        # The limit is of its buffer, which holds a piece of the file as well.
        self._decoder = MultipartDecoder(boundary, max_form_memory_size=MOST_OF_FIELDS + 2 * CHUNK)
        self._events = self._decoded()
        self._rest = b""
        self.fields: dict[str, str] = {}
        self.filename = ""
        self._read_fields()

    def read(self, size: int) -> bytes:
        """The next bytes of the file, up to so many; none at its end."""
        while not self._rest:
            event = next(self._events, None)
            if not isinstance(event, Data):
                return b""
            self._rest = event.data
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _read_fields(self) -> None:
        name, value = "", b""
        for event in self._events:
            if isinstance(event, File):
                self.filename = event.filename or event.name
                return
            if isinstance(event, Field):
                name, value = event.name, b""
            elif isinstance(event, Data):
                value += event.data
                if not event.more_data:
                    self.fields[name] = value.decode(errors="replace")

    def _decoded(self) -> Iterator[Event]:
        decode: Callable[[], Event] = self._decoder.next_event
        try:
            while not isinstance(event := decode(), Epilogue):
                if isinstance(event, NeedData):
                    piece = self._read(CHUNK)
                    self._decoder.receive_data(piece or None)
                else:
                    yield event
        except ValueError as error:
            raise refused(CUT_OFF) from error
