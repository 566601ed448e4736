"""An installation under test: the command in a process of its own, and what a person sees of it."""

import contextlib
import signal
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

import psutil
import pytest
import requests

from shared.child_process import as_user
from shared.testing.eventually import eventually

CODE = Path(__file__).parents[3]


class Installation:
    def __init__(self, home: Path, *, user: str | None = None, **settings: str) -> None:
        self.home, self.user = home, user
        self.settings = {"FOYER_HOME": str(home), "PORT": "0", "PATH": "/usr/bin:/bin", **settings}
        self.python = sys.executable
        if user:
            self.python = python_for(user)
            self.settings["PYTHONPATH"] = sysconfig.get_path("purelib")
        self.shown = ""
        self._process: subprocess.Popen[str]

    def launch(self) -> None:
        """Starts the command and returns at once."""
        self.shown = ""
        self._process = subprocess.Popen(
            [self.python, "-m", "services.demo.tests.stand_in"],
            cwd=CODE, env=self.settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            **as_user(self.user),
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()

    def start(self) -> "Installation":
        """Returns when it says that it is ready."""
        self.launch()
        eventually(lambda: "is ready" in self.shown or self._over(), within=60)
        assert "is ready" in self.shown, self.shown
        return self

    def fail(self) -> str:
        """Starts it, expects that it gives up, and returns all that it showed."""
        self.launch()
        assert self._process.wait(60) == 1
        eventually(lambda: self.shown)
        return self.shown

    def stop(self, farewell: signal.Signals = signal.SIGINT) -> int:
        self._process.send_signal(farewell)
        return self._process.wait(30)

    def kill_supervisor(self) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def address(self) -> str:
        return self.shown.split("ready: ")[1].split()[0]

    @property
    def processes(self) -> dict[str, psutil.Process]:
        """The supervisor's children, by what they are."""
        names = {"postgres": "postgres", "gunicorn": "site", "stand_in_background": "background", "sandbox": "sandbox"}
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self._process.pid).children():
            with contextlib.suppress(psutil.Error):  # it ends as we look
                command = " ".join(child.cmdline())
                found |= {name: child for word, name in names.items() if word in command}
        return found

    def everything(self) -> list[psutil.Process]:
        """The supervisor with all that runs under it."""
        supervisor = psutil.Process(self._process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def ask(self, path: str, method: str = "GET") -> str:
        """The body of an answer, whatever its status is."""
        with requests.request(method, self.address + path, timeout=30) as answer:
            return answer.text

    def end(self) -> None:
        """For the end of a test, however that went."""
        if hasattr(self, "_process") and not self._over():
            self.stop(signal.SIGTERM)

    def _over(self) -> bool:
        return self._process.poll() is not None

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.shown += line


def python_for(user: str) -> str:
    """An interpreter that this user can reach: ours may lie in root's home, the system's does not."""
    code = f"import sys; sys.path.insert(0, {sysconfig.get_path('purelib')!r}); import psycopg, gevent"
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with contextlib.suppress(OSError):
            if subprocess.run([python, "-c", code], cwd=CODE, capture_output=True, **as_user(user)).returncode == 0:
                return python
    pytest.skip(f"the user {user} can reach no Python with our packages, or not this folder")
