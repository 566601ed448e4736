"""FOYER_HOME: the folder that holds the state of an installation, and who may use it at the moment."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from services.demo import CannotStart

MEGABYTES_NEEDED = 300
"""Free at a start: an empty cluster takes 50, and PostgreSQL's log of changes grows in pieces of 16."""

MEGABYTES_OF_LOG = 20


@contextmanager
def opened(home: Path) -> Iterator[None]:
    """Makes the folder where it is missing and holds it until the end. Raises CannotStart when that is not possible."""
    try:
        _make(home)
        lock = (home / "lock").open("a+")
    except OSError as error:
        raise CannotStart(f"The folder {home} cannot be used: {error.strerror}. Set FOYER_HOME to another.") from error
    with lock:
        _hold(lock, home)
        _check_space(home)
        yield


def log_file(home: Path, name: str) -> Path:
    """Where a process writes its log; one that has grown long is put aside first, in the place of the one before."""
    log = home / "logs" / f"{name}.log"
    if log.exists() and log.stat().st_size > MEGABYTES_OF_LOG * 1_000_000:
        log.replace(log.with_suffix(".log.old"))
    return log


def _make(home: Path) -> None:
    """A folder that we make gets its mode by name, whatever the umask is; one that is there keeps its own."""
    for folder, mode in ((home, 0o755), (home / "logs", 0o700), (home / "secrets", 0o700)):
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(mode)


def _hold(lock: TextIO, home: Path) -> None:
    """The kernel drops the lock with the process, however that ends, so there is never a stale one to clear."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise CannotStart(
            f"Foyer already runs on {home} (process {lock.read().strip()}). Stop it, or set another FOYER_HOME."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def _check_space(home: Path) -> None:
    free = shutil.disk_usage(home).free // 1_000_000
    if free < MEGABYTES_NEEDED:
        raise CannotStart(f"The disk is full: {home} has {free} MB left, and Foyer needs {MEGABYTES_NEEDED} MB.")
