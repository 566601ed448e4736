"""The service is killed while files arrive: no document lacks its bytes, and what is left over can be removed."""

import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from services.documents.contents.verifying import verify
from services.documents.copies.models import Branch, Client
from services.documents.documents import actions
from services.documents.stores.open import store
from shared.actor import Context, acting
from shared.card import card
from shared.config import load
from shared.db import Database
from shared.demo_ids import SALAMANCA, demo_client
from shared.roles import migrate
from shared.testing.eventually import eventually
from shared.testing.processes import Role
from shared.testing.service import make_secrets

CONSENT = "00000000-0000-7000-8000-000000000d01"
SENDERS = 3
BYTES = 3_000_000


@dataclass
class Desk:
    """The documents service as a process, and people who send files to it."""

    http: Role
    database: Database
    told: list[str] = field(default_factory=list)
    """The documents of which somebody was told that they are there."""

    def send(self, over: threading.Event, seed: int) -> None:
        dice = random.Random(seed)
        noise = dice.randbytes(2 * BYTES)
        while not over.is_set():
            begin = dice.randrange(BYTES)
            content = b"%PDF-1.7 " + noise[begin : begin + dice.randrange(BYTES)]
            document_id, ticket = self._announce(len(content))
            try:
                answer = requests.put(
                    f"http://127.0.0.1:{self.http.port}/api/v1/documents/{document_id}/content",
                    data=content, headers={"Upload-Ticket": ticket}, timeout=20,
                )  # fmt: skip
            except requests.RequestException:
                over.wait(0.2)  # while it starts, the processor is its
                continue
            if answer.ok:
                self.told.append(document_id)

    def _announce(self, size: int) -> tuple[str, str]:
        given: dict[str, Any] = {"client_id": demo_client(1), "branch_id": SALAMANCA, "type_id": CONSENT}
        with acting(Context("service:tests", "api")), self.database.transaction() as session:
            given |= {"name": "consent.pdf", "size": size, "visible_to_client": False}
            document, ticket = actions.announce(session, given)
            return str(document.id), ticket

    def kill(self) -> None:
        """gunicorn and its worker at once, as when a node loses its power."""
        assert self.http.process
        workers = psutil.Process(self.http.process.pid).children()
        self.http.kill()
        for worker in workers:
            worker.kill()
        psutil.wait_procs(workers, timeout=10)
        self.http.launch()


@pytest.fixture
def desk(postgres: Any, tmp_path: Path) -> Iterator[Desk]:
    databases = {name: postgres.url(postgres.new_database()) for name in ("documents", "bus")}
    make_secrets(tmp_path / "secrets")
    settings = {
        "FOYER_DATABASE_URL": databases["documents"],
        "FOYER_BUS_URL": databases["bus"],
        "FOYER_SECRETS": str(tmp_path / "secrets"),
        "FOYER_FILES_FOLDER": str(tmp_path / "files"),
        "FOYER_LOG_LEVEL": "warning",
    }
    config = load("documents", settings)
    migrate(card("documents"), config)
    database = Database(config)
    with database.transaction() as session:
        place = {"country": "ES", "time_zone": "Europe/Madrid", "language": "es", "active": True}
        session.add(Branch(id=SALAMANCA, version=1, name="Salamanca", **place))
        nobody: dict[str, Any] = {"language": None, "preferred_branch_id": None, "archived": False, "profile": {}}
        session.add(Client(id=demo_client(1), version=1, name="Ana", **nobody))
    http = Role("documents", "http", settings, tmp_path / "http.log").start()
    yield Desk(http, database)
    http.stop()
    database.close()
    for url in databases.values():
        postgres.drop_database(urlsplit(url).path.lstrip("/"))


def test_ten_kills_during_uploads_leave_no_document_without_its_bytes(desk: Desk) -> None:
    _kill_and_compare(desk, kills=10)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_during_uploads_leave_no_document_without_its_bytes(desk: Desk) -> None:
    _kill_and_compare(desk, kills=100)


def _kill_and_compare(desk: Desk, kills: int) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    dice, over = random.Random(seed), threading.Event()
    with ThreadPoolExecutor() as pool:
        senders = [pool.submit(desk.send, over, seed + number) for number in range(SENDERS)]
        try:
            for _ in range(kills):
                eventually(lambda: desk.http.get("/healthz").status_code == 200, within=30)
                over.wait(dice.uniform(0.05, 0.6))
                desk.kill()
        finally:
            over.set()
        for each in senders:
            each.result()
    place = store(desk.database.config)
    found = verify(desk.database, place, repair=True, young=-1)
    print(f"{len(desk.told)} files told, {found.blobs} kept, {len(found.stray)} left over by kills and removed")
    assert found.missing == []
    after = verify(desk.database, place, repair=False, young=-1)
    assert (after.missing, after.stray) == ([], [])
    with desk.database.transaction() as session:
        rows = session.connection().exec_driver_sql("SELECT id::text FROM documents WHERE state = 'ready'")
        assert set(desk.told) <= set(rows.scalars()) and desk.told
