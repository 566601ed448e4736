"""The Python processes of an installation."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.demo import CannotStart, databases, leftovers
from services.demo.home import log_file
from services.demo.supervisor import Program
from shared.config import DemoSettings
from shared.ports import free_port

CODE = Path(__file__).parents[2]


class Programs:
    """All get the same environment, which their services read as they do anywhere else."""

    MIGRATE = "services.demo.migrate"
    BACKGROUND = "services.demo.background"
    SITE = "services.demo.site:app"
    SANDBOX = ("services", "memberships", "sandbox")

    def __init__(self, settings: DemoSettings, server: str, address: str) -> None:
        self.home = settings.home
        self._sandbox_at = f"127.0.0.1:{free_port()}"
        self.env = {
            **settings.environment,
            leftovers.MARK: str(settings.home),
            "FOYER_DATABASE_URL": databases.service_url(server),
            "FOYER_BUS_URL": "" if settings.amqp_url else databases.bus_url(server),
            "FOYER_BASE_URL": address,
            "FOYER_SECRETS": str(settings.home / "secrets"),
            "FOYER_SANDBOX_URL": f"http://{self._sandbox_at}",
            "FOYER_FILES_FOLDER": str(settings.home / "files"),
            "FOYER_DEMO": "1",
            "FOYER_DEMO_PASSWORD": settings.password,
        }

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Runs the migrations beside what the block does. Raises CannotStart with the last line that they wrote."""
        program = self._python("migrate", self.MIGRATE)
        program.start()
        try:
            yield
            failed = program.wait()
        except BaseException:
            program.stop()
            raise
        if failed:
            raise CannotStart(f"The databases cannot be brought up to date: {_last_line(program.log)} ({program.log})")

    def background(self) -> Program:
        """All relays, consumers and workers."""
        return self._python("background", self.BACKGROUND)

    def sandbox(self) -> Program:
        """The gateway that cards are charged at: no part of Foyer, and spoken to over HTTP only."""
        module, *arguments = self.SANDBOX
        book = self.home / "sandbox.db"
        return self._python("sandbox", module, *arguments, f"--bind={self._sandbox_at}", f"--book={book}")

    def site(self, door: socket.socket) -> Program:
        """One gunicorn for all pages and APIs."""
        arguments = ["--config=python:services.demo.gunicorn_settings", f"--bind=fd://{door.fileno()}", self.SITE]
        return self._python("site", "gunicorn", *arguments, pass_fds=(door.fileno(),))

    def _python(self, name: str, module: str, *arguments: str, pass_fds: tuple[int, ...] = ()) -> Program:
        command = [sys.executable, "-m", module, *arguments]
        return Program(command, folder=CODE, log=log_file(self.home, name), env=self.env, pass_fds=pass_fds)


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it gave no reason")
