"""Keeps the processes of an installation alive, and stops them in the opposite order of their start."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from shared import clock
from shared.child_process import start_child

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds between an end and the next start; doubled each time."""

STEADY = 30.0
"""Seconds after which a process counts as well again."""

GLANCE = 0.1
"""Seconds between two looks at the processes."""


class Part(Protocol):
    """What a supervisor can keep. `start` may wait until the part is of use, and raise whatever keeps it from that."""

    @property
    def log(self) -> Path: ...
    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Program:
    """A command of ours as a part: a process that leads a group of its own."""

    def __init__(
        self, command: Sequence[str], *, folder: Path, log: Path, env: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> None:
        self.command, self.folder, self.log, self.env, self.pass_fds = command, folder, log, env, pass_fds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        self._clear_group()
        self._process = start_child(self.command, log=self.log, env=self.env, cwd=self.folder, pass_fds=self.pass_fds)

    def wait(self) -> int:
        """The exit status of a program that ends by itself."""
        assert self._process
        return self._process.wait()

    def stop(self, within: float = 10.0) -> None:
        """Asks it to finish what it does and end; past `within` seconds it is killed."""
        if self._process is None:
            return
        if self.pid:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(within)
        self._clear_group()
        self._process.wait()

    def _clear_group(self) -> None:
        """What its leader left behind must not work beside the next one."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class Kept:
    """A part with its name, and when to start it again."""

    def __init__(self, name: str, part: Part) -> None:
        self.name, self.part = name, part
        self.started = clock.monotonic()
        self.pause = FIRST_PAUSE
        self.due: float | None = None

    def tend(self, say: Callable[[str], None]) -> None:
        """Starts the part again once it has ended and its pause is over."""
        if self.part.pid:
            return
        if self.due is None:
            self._take_a_pause()
            say(f"{self.name} ended and is started again. Its log is {self.part.log}")
        elif clock.monotonic() >= self.due:
            self._start(say)

    def _start(self, say: Callable[[str], None]) -> None:
        self.due, self.started = None, clock.monotonic()
        try:
            self.part.start()
        except Exception as error:
            self._take_a_pause()
            say(f"{self.name} does not start: {error}")

    def _take_a_pause(self) -> None:
        if clock.monotonic() - self.started > STEADY:
            self.pause = FIRST_PAUSE
        self.due = clock.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


class Supervisor:
    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._kept: list[Kept] = []

    def start(self, name: str, part: Part) -> None:
        """Starts a part and keeps it. Raises what `part.start` raises: the first start must succeed."""
        self._kept.append(Kept(name, part))
        part.start()

    def watch(self, until: Callable[[], bool]) -> None:
        """Starts again whatever ends, until `until` says so."""
        while not until():
            for kept in self._kept:
                kept.tend(self._say)
            time.sleep(GLANCE)

    def stop(self) -> None:
        while self._kept:
            self._kept.pop().part.stop()
