"""Whether a relay, consumer or worker lives, and its metrics: the HTTP door of the roles that have no other.

A loop that hangs still has a process, and often a thread that would answer. So every loop says when it last went round,
and one that has not for a minute is dead: whoever watches (Kubernetes) starts it again.
"""

from collections.abc import Callable, Iterable, Sequence
from wsgiref.types import StartResponse, WSGIEnvironment

from gevent.pywsgi import WSGIServer
from sqlalchemy.exc import SQLAlchemyError

from shared import clock
from shared.db import Database
from shared.migrations.revisions import missing
from shared.roles import Loop
from shared.service_state import exposition
from shared.telemetry import CONTENT_TYPE

MOST_SECONDS_PER_TURN = 60.0

Answer = tuple[str, str, bytes]
"""Status, content type, body."""


class Vitals:
    """`/healthz`: every loop goes round. `/readyz`: and the schema suits the code. `/metrics`."""

    def __init__(self, service: str, loops: Sequence[Loop], database: Database) -> None:
        self._service = service
        self._loops = loops
        self._database = database
        self._pages: dict[str, Callable[[], Answer]] = {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": lambda: ("200 OK", CONTENT_TYPE, exposition(service, database)),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = self._pages.get(environ["PATH_INFO"])
        status, kind, body = page() if page else _plain("404 Not Found", "no such page")
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _healthz(self) -> Answer:
        for loop in self._loops:
            still = clock.monotonic() - loop.turned
            if still > MOST_SECONDS_PER_TURN:
                name = type(loop).__name__.lower()
                return _plain("503 Service Unavailable", f"the {name} has not gone round for {still:.0f} s")
        return _plain("200 OK", "alive")

    def _readyz(self) -> Answer:
        try:
            with self._database.reading() as connection:
                lacks = missing(self._service, connection)
        except SQLAlchemyError:
            lacks = "the database does not answer"
        return _plain("503 Service Unavailable", lacks) if lacks else self._healthz()

    def serve(self, port: int) -> WSGIServer:
        """Answers from now on, beside the loops: a loop that holds up the whole process holds this up, too."""
        server = WSGIServer(("", port), self, log=None)
        server.start()
        return server


def _plain(status: str, words: str) -> Answer:
    return status, "text/plain", f"{words}\n".encode()
