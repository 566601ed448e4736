"""The address at which an installation is reached."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from services.demo import CannotStart

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 -- read, and only bound to when somebody asks for it


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Holds the door from before anything starts, so that a taken port is told at once. Raises CannotStart.

    The site inherits it: while the site is started again, requests wait at the door and are not refused.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        door = socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        raise CannotStart(_why_not(host, port, error)) from error
    with door:
        yield door


def address_of(door: socket.socket) -> str:
    """Where a person on this machine finds it."""
    host, port = door.getsockname()[:2]
    return f"http://{EVERYWHERE.get(host) or (f'[{host}]' if ':' in host else host)}:{port}"


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken{_by_whom(port)}. Stop what uses it, or choose another: PORT={port + 1} make run"
    return f"HOST={host} PORT={port} cannot be used: {error.strerror}."


def _by_whom(port: int) -> str:
    """Linux tells it to root, and to others about their own processes."""
    try:
        sockets = psutil.net_connections("tcp")
        pids = {one.pid for one in sockets if one.pid and one.status == "LISTEN" and one.laddr[1] == port}
        return "".join(f" by {psutil.Process(pid).name()} (process {pid})" for pid in sorted(pids)[:1])
    except psutil.Error:
        return ""
