"""`python -m services demo`: from an empty folder to a running installation, and back to nothing on Ctrl-C."""

import http.client
import socket
from collections.abc import Callable
from pathlib import Path

from services.demo import CannotStart, databases
from services.demo.door import address_of, listening
from services.demo.home import log_file, opened
from services.demo.keys import make_missing_keys
from services.demo.leftovers import end_leftovers
from services.demo.programs import Programs
from services.demo.signals import stopping_with
from services.demo.supervisor import Supervisor
from shared import clock
from shared.config import DemoSettings
from shared.postgres_server import PostgresFailed, PostgresServer

SLOW = 30.0
"""Seconds after which a site that does not answer is worth a line."""

Say = Callable[[str], None]


def run(settings: DemoSettings, say: Say) -> None:
    """Serves until a signal says to stop. Raises CannotStart, with everything stopped again."""
    supervisor = Supervisor(say)
    try:
        with opened(settings.home), stopping_with(supervisor.stop):
            end_leftovers(settings.home)
            with listening(settings.host, settings.port) as door:
                _start(supervisor, settings, door, say)
                supervisor.watch(until=lambda: False)
    except PostgresFailed as error:
        raise CannotStart(str(error)) from error
    except KeyboardInterrupt:
        say("Foyer has stopped.")


def _start(supervisor: Supervisor, settings: DemoSettings, door: socket.socket, say: Say) -> None:
    server = settings.database_url or _embedded_server(supervisor, settings.home, say)
    databases.make_missing_databases(server)
    make_missing_keys(settings.home / "secrets")
    address = address_of(door)
    programs = Programs(settings, server, address)
    programs.migrate()
    supervisor.start("The background", programs.background())
    supervisor.start("The site", programs.site(door))
    supervisor.watch(until=_site_answers(address, settings.home, say))
    _welcome(say, address, settings.password)


def _embedded_server(supervisor: Supervisor, home: Path, say: Say) -> str:
    postgres = PostgresServer(home / "postgres")
    if not postgres.data.exists():
        say(f"Making a database in {postgres.folder}")
    supervisor.start("PostgreSQL", postgres)
    return postgres.url()


def _site_answers(address: str, home: Path, say: Say) -> Callable[[], bool]:
    """A question to the site: is it ready? It complains once when that takes long."""
    complain_at = clock.monotonic() + SLOW

    def ask() -> bool:
        nonlocal complain_at
        if clock.monotonic() > complain_at:
            complain_at = float("inf")
            say(f"The site does not answer yet. Its log is {log_file(home, 'site')}")
        return _is_ready(address)

    return ask


def _is_ready(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(say: Say, address: str, password: str) -> None:
    say(f"\n  Foyer is ready: {address}\n")
    say(f"  Sign in as admin, manager or reception. The password is {password}")
    say("  Ctrl-C stops it.\n")
