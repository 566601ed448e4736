"""Folders for tests whose servers run as somebody else."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.testing.servers.folders import root


@contextmanager
def open_place() -> Iterator[Path]:
    """A new folder that every user can pass through, which pytest's `tmp_path` is not when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="foyer-test-", dir=root()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
