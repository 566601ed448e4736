"""Temporary folders of test servers, and what runs that were killed have left of them."""

import os
import re
import shutil
import tempfile
from pathlib import Path

_PREFIX = "foyer-test-"


def temporary_folder(kind: str) -> Path:
    """A new folder that other users may pass through but not list; its name says which process made it."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-{kind}-"))
    folder.chmod(0o711)
    return folder


def remove_left_over() -> None:
    """Delete our folders whose process is gone. Servers have ended by themselves; their data has not."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        maker = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if maker and folder.stat().st_uid == os.geteuid() and not Path("/proc", maker.group(1)).exists():
            shutil.rmtree(folder, ignore_errors=True)
