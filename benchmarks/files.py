"""Uploads and downloads of large files against a bare worker of the same gunicorn; small ones; the tab of a client."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psutil
import requests
from sqlalchemy import insert

from benchmarks import http, load
from benchmarks.report import Line, at_least, at_most
from services.documents.contents.models import Blob
from services.documents.copies.models import Branch, Client
from services.documents.documents.models import Document
from shared import clock
from shared.db import Database
from shared.ids import new_id
from shared.migrations.run import upgrade

LARGE, SMALL = 200_000_000, 50_000
ROUNDS = 5
TRIES = 60
CLIENTS, EACH = 10_000, 10
AT_ONCE = 20_000
CONSENT = "00000000-0000-7000-8000-000000000d01"


class Bench(http.Bench):
    """A migrated database with a branch and clients who have documents, and a gunicorn of one worker on it."""

    service = "documents"
    site = "benchmarks.shelf:app"
    permissions = ("documents.read", "documents.write")

    def __init__(self, folder: Path, server: Any) -> None:
        super().__init__(folder, server)
        self.env |= {"FOYER_FILES_FOLDER": str(folder / "files")}
        self.config = http.load_config(self.service, self.env)

    def prepare(self) -> None:
        upgrade(self.config)
        self.branch = new_id()
        self.people = [new_id() for _ in range(CLIENTS)]
        database = Database(self.config)
        where = {"name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "language": "es"}
        with database.transaction() as session:
            session.execute(insert(Branch), [{"id": self.branch, "version": 1, "active": True, **where}])
            session.execute(insert(Client), [_client(each, self.branch) for each in self.people])
        rows = ((new_id(), person, number) for person in self.people for number in range(EACH))
        for some in _batched(rows):
            with database.transaction() as session:
                session.execute(insert(Blob), [_blob(*each) for each in some])
                session.execute(insert(Document), [_document(*each, self.branch) for each in some])
        with database.transaction() as session:
            session.connection().exec_driver_sql("ANALYZE")
        database.close()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def announce(self, size: int) -> tuple[str, dict[str, str]]:
        """Where the bytes go, and with which header."""
        body = {"client_id": str(self.people[0]), "branch_id": str(self.branch), "type_id": CONSENT, "name": "a.pdf"}
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.post(
            self.address("/api/v1/documents"), json=body | {"size": size}, headers=headers, timeout=60
        )
        answer.raise_for_status()
        made = answer.json()
        return f"/api/v1/documents/{made['document']['id']}", {"Upload-Ticket": made["ticket"]}


def _batched(rows: Any) -> Iterator[list[Any]]:
    while some := list(itertools.islice(rows, AT_ONCE)):
        yield some


def _client(client_id: UUID, branch_id: UUID) -> dict[str, Any]:
    row = {"id": client_id, "version": 1, "name": "Ana López", "language": "es", "preferred_branch_id": branch_id}
    return row | {"archived": False, "profile": {}}


def _blob(id: UUID, client_id: UUID, number: int) -> dict[str, Any]:
    made = {"id": id, "client_id": client_id, "sha256": f"{number:064d}", "size": 48_000, "attempts": 0}
    made |= {"media_type": "application/pdf", "scan": "none", "preparation": "made", "problem": None, "due_at": None}
    return made | {"has_thumbnail": True, "has_rendition": False, "created_at": clock.now()}


def _document(id: UUID, client_id: UUID, number: int, branch_id: UUID) -> dict[str, Any]:
    row = {"id": id, "version": 1, "client_id": client_id, "branch_id": branch_id, "type_id": UUID(CONSENT)}
    row |= {"name": f"Documento {number}.pdf", "size": 48_000, "visible_to_client": True, "state": "ready"}
    return row | {"blob_id": id, "created_at": clock.now(), "created_by": "staff:x"}


def run(bench: Bench) -> list[Line]:
    content = b"%PDF-1.7\n" + bytes(LARGE - 9)
    before = _memory(bench)
    ours, bare = [], []
    for _ in range(ROUNDS):
        path, ticket = bench.announce(LARGE)
        ours.append(LARGE / _put(bench.address(f"{path}/content"), content, ticket))
        bare.append(LARGE / _put(bench.address("/bare/file"), content, {}))
    grown = (_memory(bench) - before) / 1e6
    down, bare_down = [], []
    headers = {"Authorization": f"Bearer {bench.token}"}
    for _ in range(ROUNDS):
        down.append(LARGE / _drain(bench.address(f"{path}/content"), headers))
        bare_down.append(LARGE / _drain(bench.address("/bare/file"), {}))
    kept, refused = _small(bench)
    result = load.run_at(100, bench.port, _tab(bench, headers), connections=8, seconds=5)
    return [
        at_least("upload of 200 MB to the folder", ours, bare, 0.70, "bytes per second"),
        at_most("memory that the worker grew by meanwhile", grown, 32, "MB"),
        at_least("download of 200 MB", down, bare_down, 0.80, "bytes per second"),
        at_most("upload of 50 KB against the same that stores nothing", kept / refused, 2, "times"),
        at_most("tab of one of 10,000 clients with 100,000 documents, p95", result.p95_ms, 30),
    ]


def _small(bench: Bench) -> tuple[float, float]:
    """Seconds of an upload, and of one that is refused at its first bytes."""
    times: dict[bytes, list[float]] = {b"%PDF-1.7\n": [], b"MZ\x00\x00\x00\x00\x00\x00\x00": []}
    for number, (head, taken) in itertools.islice(enumerate(itertools.cycle(times.items())), 2 * TRIES):
        content = head + f"{number:08d}".encode() * (SMALL // 8)
        path, ticket = bench.announce(len(content))
        taken.append(_put(bench.address(f"{path}/content"), content, ticket))
    kept, refused = times.values()
    return median(kept), median(refused)


def _tab(bench: Bench, headers: dict[str, str]) -> load.RequestMaker:
    def make(n: int) -> bytes:
        person = bench.people[n * 7919 % CLIENTS]
        return load.request("GET", f"/api/v1/documents?client_id={person}", headers)

    return make


def _put(address: str, content: bytes, headers: dict[str, str]) -> float:
    """Seconds until it is answered."""
    began = clock.monotonic()
    answer = requests.put(address, content, headers=headers, timeout=60)
    if answer.status_code not in (200, 422):  # refused for what it is, where that is what is measured
        raise RuntimeError(f"{answer.status_code}: {answer.text}")
    return clock.monotonic() - began


def _drain(address: str, headers: dict[str, str]) -> float:
    """Seconds until all of it is there."""
    began = clock.monotonic()
    with requests.get(address, headers=headers, stream=True, timeout=60) as answer:
        answer.raise_for_status()
        for _ in answer.iter_content(1024 * 1024):
            pass
    return clock.monotonic() - began


def _memory(bench: Bench) -> float:
    """Of the largest worker at its largest, in bytes: what it peaked at stays in its record."""
    served = [each for each in psutil.process_iter() if f"127.0.0.1:{bench.port}" in " ".join(_command(each))]
    return float(max(_peak(each.pid) for each in served))


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
