"""How much CPU a server spends: on a small machine what one takes, another lacks."""

import time
from contextlib import suppress
from urllib.parse import urlsplit

import psutil

from shared import clock


def server_behind(url: str) -> psutil.Process:
    """The process that listens at the port of an address on this machine. Raises LookupError when there is none."""
    port = urlsplit(url).port
    for socket in psutil.net_connections("tcp"):
        if socket.status == psutil.CONN_LISTEN and socket.laddr.port == port and socket.pid:
            return psutil.Process(socket.pid)
    raise LookupError(f"nothing listens at port {port}")


def seconds(process: psutil.Process) -> float:
    """Spent since its start, with those of its children, the ended ones among them."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def loop_at(rate: float, *, work_ms: float, seconds: float) -> float:
    """p99 in milliseconds of a loop that works for so long, so many times a second, and asks nobody for anything.

    What it is above its work, the machine takes: no server on it can be held to less.
    """
    rounds = _rounds_of(work_ms)
    waits = []
    began = clock.monotonic() + 0.1
    for number in range(int(rate * seconds)):
        due = began + number / rate
        time.sleep(max(0.0, due - clock.monotonic()))
        _work(rounds)
        waits.append(clock.monotonic() - due)
    return sorted(waits)[int(len(waits) * 0.99)] * 1000


def _rounds_of(work_ms: float) -> int:
    """How many take so long while nobody is in the way."""
    best = min(_timed(10_000) for _ in range(50))
    return max(1, int(10_000 * work_ms / 1000 / best))


def _timed(rounds: int) -> float:
    began = clock.monotonic()
    _work(rounds)
    return clock.monotonic() - began


def _work(rounds: int) -> None:
    for _ in range(rounds):
        pass
