"""The import of a CSV file against COPY of the rows that it makes, and how much memory it takes."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import psycopg

from benchmarks.people import People
from benchmarks.report import Line, at_most
from shared import clock

LINES = 100_000
FEW_LINES = 10_000
SHARE = 0.10
FLAT_MB = 60.0


def run(folder: Path, url: str, env: dict[str, str]) -> list[Line]:
    few = _import(folder, url, FEW_LINES, env)[1]
    seconds, many = _import(folder, url, LINES, env)
    ours, copied = LINES / seconds, LINES / _copy(folder, url)
    return [
        Line("import, lines", ours, copied, f">= {SHARE:.2f}", "per second", ours / copied >= SHARE),
        at_most("import, memory for ten times the lines", many - few, FLAT_MB, "MB"),
    ]


def _import(folder: Path, url: str, lines: int, env: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes of an import, its start included, into a service that has nobody yet."""
    path = folder / f"{lines}.csv"
    People().write_csv(path, lines)
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("TRUNCATE clients, search_keys, audit, outbox, imported_lines CASCADE")
    began = clock.monotonic()
    command = [sys.executable, "-m", "services", "clients", "import", str(path), "--force"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = _wait(process)
    if status:
        raise RuntimeError(f"the import ended with {status}")
    return clock.monotonic() - began, usage.ru_maxrss / 1024


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    return os.wait4(process.pid, 0)


def _copy(folder: Path, url: str) -> float:
    """Seconds of a COPY of the clients' rows into a table with the same indexes."""
    rows = folder / "rows"
    with psycopg.connect(url, autocommit=True) as session:
        with session.cursor() as cursor, rows.open("wb") as file, cursor.copy("COPY clients TO STDOUT") as out:
            for block in out:
                file.write(block)
        session.execute("CREATE TABLE copied (LIKE clients INCLUDING ALL)")
        began = clock.monotonic()
        with session.cursor() as cursor, rows.open("rb") as file, cursor.copy("COPY copied FROM STDIN") as in_:
            while block := file.read(65536):
                in_.write(block)
        seconds = clock.monotonic() - began
        session.execute("DROP TABLE copied")
    return seconds
