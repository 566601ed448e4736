"""How long a second `make run` takes until it says that it is ready: what a person waits for."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.report import Line, at_most
from shared import clock
from shared.ports import free_port

ROUNDS = 5


def run() -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as folder:
        Path(folder).chmod(0o755)
        env = {**os.environ, "FOYER_HOME": f"{folder}/home", "PORT": str(free_port())}
        _start(env)
        seconds = [_start(env) for _ in range(ROUNDS)]
    return [at_most("second start of make run", median(seconds), 5, "s")]


def _start(env: dict[str, str]) -> float:
    """Seconds until it is ready; it is stopped again after that."""
    began = clock.monotonic()
    command = [sys.executable, "-u", "-m", "services", "demo"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = any("Foyer is ready" in line for line in process.stdout)
        seconds = clock.monotonic() - began
        process.terminate()
        process.stdout.read()
    if not ready:
        raise RuntimeError("it did not start")
    return seconds
