"""A network between a client and a server, which can be cut, be slow, and lose a node without a word."""

import ctypes
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_SO_ATTACH_FILTER = 26


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


_DROP = _Instruction(0x06, 0, 0, 0)  # "return 0": of every packet nothing is kept
_DROP_ALL = struct.pack("HL", 1, ctypes.addressof(_DROP))


class Network:
    """Hands on what a client of `url` says to the server, until it is told otherwise."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._closed = threading.Event()
        self._lost = False
        self.delay = 0.0
        """Seconds that an answer of the server is on its way."""
        name = f"{parts.username}:{parts.password}@" if parts.username else ""
        self.url = parts._replace(netloc=f"{name}127.0.0.1:{self._door.getsockname()[1]}").geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection at once, with a word to both sides. The next one is accepted."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)

    def lose(self) -> None:
        """From here on no packet is answered, not even by the kernel: the node behind it has lost its power."""
        self._lost = True
        for end in self._ends:
            end.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, _DROP_ALL)

    def close(self) -> None:
        self._lost = True
        self._closed.set()
        self._door.close()
        for end in self._ends:
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self._lost:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
                self._ends += [client, server]
                for source, target in ((client, server), (server, client)):
                    answers = source is server
                    threading.Thread(target=self._hand_on, args=(source, target, answers), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                if answers and self.delay:
                    self._closed.wait(self.delay)
                if self._lost:
                    return
                target.sendall(said)
        if not self._lost:
            with suppress(OSError):
                target.shutdown(socket.SHUT_RDWR)


@contextmanager
def network(url: str) -> Iterator[Network]:
    """A network for one test."""
    made = Network(url)
    try:
        yield made
    finally:
        made.close()
