"""A thumbnail of a picture or a PDF, and a picture upright and without the place where it was taken.

Each in a process of its own with limits on memory and time: a file that breaks a library breaks that process.
"""

import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).parents[3]
SECONDS = 30
PROCESSOR_SECONDS = 20
BYTES_OF_MEMORY = 1_500_000_000


@dataclass(frozen=True)
class Made:
    thumbnail: bytes | None = None
    rendition: bytes | None = None
    """None where the bytes as they came are fit to be seen."""
    problem: str = ""


def made_of(path: Path, media_type: str) -> Made:
    """What a process made of the file; its problem where it could not."""
    with tempfile.TemporaryDirectory(prefix="foyer-picture-") as folder:
        command = [sys.executable, "-m", "services.documents.contents.draw", str(path), media_type, folder]
        try:
            done = subprocess.run(  # noqa: S603 -- our own program
                command, cwd=CODE, capture_output=True, timeout=SECONDS, preexec_fn=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return Made(problem="it took too long")
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            return Made(problem=last or f"the process ended with {done.returncode}")
        return Made(_content(Path(folder) / "thumbnail"), _content(Path(folder) / "rendition"))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def limit() -> None:
    """Of a process that handles what people have sent: called in it before it begins."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_OF_MEMORY, BYTES_OF_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
