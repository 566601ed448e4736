"""Temporary folders of test servers, and what runs that were killed have left of them."""

import os
import re
import shutil
import tempfile
from pathlib import Path

_PREFIX = "foyer-test-"
_MEMORY = Path("/dev/shm")
_NEEDED = 4 * 2**30
"""Bytes; a run holds less than a tenth of it."""


def temporary_folder(kind: str) -> Path:
    """A new folder that other users may pass through but not list; its name says which process made it.

    In memory where there is plenty: a database is some three hundred files, and each test has its own.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-{kind}-", dir=root()))
    folder.chmod(0o711)
    return folder


def remove_left_over() -> None:
    """Delete our folders whose process is gone. Servers have ended by themselves; their data has not."""
    for place in {Path(tempfile.gettempdir()), _MEMORY}:
        for folder in place.glob(f"{_PREFIX}*"):
            maker = re.match(rf"{_PREFIX}(\d+)-", folder.name)
            if maker and folder.stat().st_uid == os.geteuid() and not Path("/proc", maker.group(1)).exists():
                shutil.rmtree(folder, ignore_errors=True)


def root() -> Path:
    """Where the folders of tests lie."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _NEEDED:
        return _MEMORY
    return Path(tempfile.gettempdir())
