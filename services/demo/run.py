"""`python -m services demo`: from an empty folder to a running installation, and back to nothing on Ctrl-C."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from services.demo import CannotStart, databases
from services.demo.door import address_of, listening
from services.demo.home import opened
from services.demo.keys import make_missing_keys
from services.demo.leftovers import end_leftovers
from services.demo.programs import Programs
from services.demo.readiness import site_answers
from services.demo.signals import stopping_with
from services.demo.supervisor import Supervisor
from shared.config import BadConfiguration, DemoSettings, demo_settings
from shared.postgres_server import PostgresFailed, PostgresServer

Say = Callable[[str], None]

EMBEDDED = {"max_connections": "300"}
"""Two workers of the site with a pool for each service, and what runs in the background."""


def from_the_command_line(programs: type[Programs] = Programs) -> None:
    """Runs until it is told to stop. What keeps it from starting is told in one line, and the exit status is 1."""
    try:
        run(demo_settings(), click.echo, programs)
    except (CannotStart, BadConfiguration) as error:
        click.echo(f"foyer: {error}", err=True)
        sys.exit(1)


def run(settings: DemoSettings, say: Say, programs: type[Programs]) -> None:
    """Serves until a signal says to stop. Raises CannotStart, with everything stopped again."""
    supervisor = Supervisor(say)
    try:
        with opened(settings.home), stopping_with(supervisor.stop):
            _serve(settings, supervisor, say, programs)
    except PostgresFailed as error:
        raise CannotStart(str(error)) from error
    except KeyboardInterrupt:
        say("Foyer has stopped.")


def _serve(settings: DemoSettings, supervisor: Supervisor, say: Say, programs: type[Programs]) -> None:
    end_leftovers(settings.home)
    with listening(settings.host, settings.port) as door:
        server = settings.database_url or _embedded_server(settings.home, supervisor, say)
        databases.make_missing_databases(server)
        make_missing_keys(settings.home / "secrets")
        address = address_of(door)
        ours = programs(settings, server, address)
        with ours.migrating():
            supervisor.start("The site", ours.site(door))  # it imports what it needs meanwhile, and is not ready before
        supervisor.start("The background", ours.background())
        if settings.gateway == "sandbox":
            supervisor.start("The sandbox", ours.sandbox())
        complaint = f"The site does not answer yet. The logs are in {settings.home / 'logs'}"
        supervisor.watch(until=site_answers(address, complain=lambda: say(complaint)))
        _welcome(say, address, settings.password)
        supervisor.watch(until=lambda: False)


def _embedded_server(home: Path, supervisor: Supervisor, say: Say) -> str:
    postgres = PostgresServer(home / "postgres", settings=EMBEDDED)
    if not postgres.data.exists():
        say(f"Making a database in {postgres.folder}")
    supervisor.start("PostgreSQL", postgres)
    return postgres.url()


def _welcome(say: Say, address: str, password: str) -> None:
    say(f"\n  Foyer is ready: {address}\n")
    say(f"  Sign in as admin, manager or reception. The password is {password}")
    say("  Ctrl-C stops it.\n")
