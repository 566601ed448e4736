"""The servers that all tests of a run share: started when first asked for, by pytest's main process.

Under pytest-xdist every worker is a process of its own, and each may end before the others. So the main process, which
outlives them all, owns the servers and answers the workers over a socket.
"""

import secrets
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from shared.testing.servers.broker import Broker, BrokerAddress, OwnBroker
from shared.testing.servers.choose import new_broker, new_postgres
from shared.testing.servers.folders import remove_left_over, temporary_folder
from shared.testing.servers.postgres import OwnPostgres, Postgres

_NEW: dict[str, Callable[[], OwnPostgres | OwnBroker]] = {"postgres": new_postgres, "broker": new_broker}


@dataclass(frozen=True)
class Contact:
    """Where the owner of the servers listens, and the key that opens it."""

    socket: str
    key: bytes


class ServersOfTheRun:
    """Owns the shared servers. Made in the main process, closed at the end of the run.

    If the process is killed instead, the kernel ends the servers: they are children of the thread below, which lives
    as long as the process does.
    """

    def __init__(self) -> None:
        remove_left_over()
        self._folder = temporary_folder("run")
        self.contact = Contact(str(self._folder / "socket"), secrets.token_bytes(16))
        self._listener = Listener(self.contact.socket, family="AF_UNIX", authkey=self.contact.key)
        self._closed = False
        self._servers: dict[str, OwnPostgres | OwnBroker] = {}
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Remove the servers that were started."""
        self._closed = True
        while self._servers:
            self._servers.popitem()[1].remove()
        self._listener.close()
        shutil.rmtree(self._folder)

    def _serve(self) -> None:
        while not self._closed:
            with suppress(OSError, EOFError, AuthenticationError), self._listener.accept() as asker:
                self._answer(asker)

    def _answer(self, asker: Connection) -> None:
        """One at a time, so that nobody starts a second server while the first one is on its way up."""
        kind = asker.recv()
        try:
            if kind not in self._servers:
                self._servers[kind] = _NEW[kind]()
            asker.send((self._servers[kind].address, None))
        except Exception as error:
            asker.send((None, f"{type(error).__name__}: {error}"))


def shared_postgres(contact: Contact) -> Postgres:
    """The PostgreSQL of the run. Raises RuntimeError that says why there is none."""
    return Postgres(_ask(contact, "postgres"))


def shared_broker(contact: Contact) -> Broker:
    """The RabbitMQ of the run. Raises RuntimeError that says why there is none."""
    address: BrokerAddress = _ask(contact, "broker")
    return Broker(address)


def _ask(contact: Contact, kind: str) -> Any:
    with Client(contact.socket, family="AF_UNIX", authkey=contact.key) as owner:
        owner.send(kind)
        address, problem = owner.recv()
    if problem:
        raise RuntimeError(f"no {kind} to test with: {problem}")
    return address
