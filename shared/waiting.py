"""How a connection waits for its server while other greenlets run.

psycopg makes a poll object for each statement, and gevent, in its place, an event, a timer and a watcher: a sixth of
what a small statement costs. A connection keeps one watcher here, and nothing is made.
"""

from collections.abc import Generator
from contextlib import suppress
from typing import Any

import psycopg
from gevent import get_hub, monkey
from psycopg.errors import QueryCanceled
from psycopg.waiting import Wait

INTERVAL = 0.1
LET_GO = 5.0
"""Seconds that the server has to end what was interrupted."""


class Connection(psycopg.Connection[Any]):
    """psycopg's, for one greenlet at a time, as it is anyway."""

    _watcher: Any = None
    _watched: tuple[Any, Any] = (None, None)

    def wait(self, gen: Generator[Any, Any, Any], interval: float = INTERVAL, timeout: float | None = None) -> Any:
        """Ends what the driver has begun. One with a timeout is psycopg's to wait for."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            wanted = next(gen)
            while True:
                get_hub().wait(self._watching(wanted))
                wanted = gen.send(wanted)  # of both it may be one: the driver finds out without blocking
        except StopIteration as end:
            return end.value
        except KeyboardInterrupt:
            self.cancel_safe(timeout=LET_GO)
            with suppress(QueryCanceled):
                super().wait(gen, interval, LET_GO)
            raise

    def _watching(self, wanted: Wait) -> Any:
        now = (get_hub(), wanted)
        if self._watched != now:
            self._watched, self._watcher = now, get_hub().loop.io(self.pgconn.socket, int(wanted))
        return self._watcher


def connect(*args: Any, **options: Any) -> psycopg.Connection[Any]:
    """As `psycopg.connect`, by the way that suits the process."""
    way = Connection if monkey.is_module_patched("select") else psycopg.Connection
    return way.connect(*args, **options)
