"""The processes of a supervisor that was killed before it could stop them."""

import os
import signal
import time
from pathlib import Path

import psutil

from shared import clock

MARK = "FOYER_SUPERVISED_FROM"
"""The variable by which a child is known again: it holds the FOYER_HOME that it works for."""

PATIENCE = 5.0
"""Seconds that a leftover gets to finish what it does."""


def end_leftovers(home: Path) -> None:
    """Ends them, so that no two generations work side by side. They were asked to end when their parent died."""
    left = [process for process in psutil.process_iter() if _works_for(home, process)]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in left:
            _send(process, number)
        until = clock.monotonic() + PATIENCE
        while left and clock.monotonic() < until:
            left = [process for process in left if is_alive(process)]
            time.sleep(0.02)


def is_alive(process: psutil.Process) -> bool:
    """A zombie is not: it does nothing any more, and in a container there may be nobody to collect it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _works_for(home: Path, process: psutil.Process) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == str(home)
    except (psutil.Error, OSError):  # gone by now, or somebody else's: not ours
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)  # psutil compares the start time: a number that was given anew is not hit
    except psutil.NoSuchProcess:
        return
