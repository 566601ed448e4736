"""A closed-loop load on one HTTP server of this machine: so many connections, each asking again once it is answered."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import gevent
from gevent import socket as green

from shared import clock

RequestMaker = Callable[[int], bytes]


@dataclass(frozen=True)
class Result:
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of one keep-alive request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(port: int, make: RequestMaker, *, connections: int, seconds: float) -> Result:
    """Loads 127.0.0.1:port for a time; `make(n)` gives the n-th request."""
    times: list[float] = []
    errors = [0]
    counter = iter(range(10**9))
    end = clock.monotonic() + seconds

    def drive() -> None:
        with green.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = connection.makefile("rb")
            while clock.monotonic() < end:
                began = clock.monotonic()
                connection.sendall(make(next(counter)))
                status = _read_answer(stream)
                times.append(clock.monotonic() - began)
                errors[0] += status >= 400

    gevent.joinall([gevent.spawn(drive) for _ in range(connections)], raise_error=True)
    times.sort()
    return Result(len(times) / seconds, median(times) * 1000, *_high(times), errors[0])


def _high(times: list[float]) -> tuple[float, float]:
    """Milliseconds that 95 and 99 of a hundred come under."""
    return times[int(len(times) * 0.95)] * 1000, times[int(len(times) * 0.99)] * 1000


def once(port: int, asked: bytes) -> float:
    """Seconds for one request on a connection of its own. Raises RuntimeError when it is refused."""
    with green.create_connection(("127.0.0.1", port)) as connection:
        stream = connection.makefile("rb")
        began = clock.monotonic()
        connection.sendall(asked)
        status = _read_answer(stream)
        if status >= 400:
            raise RuntimeError(f"refused with {status}")
        return clock.monotonic() - began


def run_at(rate: float, port: int, make: RequestMaker, *, connections: int, seconds: float) -> Result:
    """So many requests a second, evenly, whatever the server does; a late answer is counted from when it was due."""
    times: list[float] = []
    errors = [0]
    count = int(rate * seconds)
    began = clock.monotonic() + 0.1

    def drive(first: int) -> None:
        with green.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = connection.makefile("rb")
            for number in range(first, count, connections):
                due = began + number / rate
                gevent.sleep(max(0.0, due - clock.monotonic()))
                connection.sendall(make(number))
                errors[0] += _read_answer(stream) >= 400
                times.append(clock.monotonic() - due)

    gevent.joinall([gevent.spawn(drive, first) for first in range(connections)], raise_error=True)
    times.sort()
    return Result(rate, median(times) * 1000, *_high(times), errors[0])


def _read_answer(stream: socket.SocketIO) -> int:
    status = int(stream.readline().split(b" ", 2)[1])
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    stream.read(length)
    return status
