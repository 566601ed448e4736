"""Stopping on a signal."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping_with(stop: Callable[[], None]) -> Iterator[None]:
    """Runs `stop` at the end, however that comes. A signal to stop unwinds the stack as Ctrl-C does, wherever we are.

    While `stop` runs, further signals are ignored: a second Ctrl-C must not keep us from stopping the rest.
    """
    before = {number: signal.signal(number, signal.default_int_handler) for number in STOPPING}
    try:
        yield
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        try:
            stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
