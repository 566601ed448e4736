"""Real processes are killed at random times while people write: nothing is lost, and nothing happens twice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psutil
import psycopg
import pytest
import requests

from services.directory.branches import actions
from shared.actor import Context, acting
from shared.card import card
from shared.config import load
from shared.db import Database
from shared.roles import migrate
from shared.testing.buses import Bus, EmbeddedBus, RabbitBus
from shared.testing.eventually import eventually
from shared.testing.network import Network, network
from shared.testing.processes import Role
from shared.testing.service import make_secrets
from shared.testing.tokens import token, verifier

BRANCH = {
    "country": "ES",
    "time_zone": "Europe/Madrid",
    "currency": "EUR",
    "language": "es",
    "weight_unit": "kg",
}
WRITERS = 4
RUSH = 200
WATCH_EFFECTS = """
CREATE TABLE effects (position bigint GENERATED ALWAYS AS IDENTITY, id uuid, version integer);
CREATE FUNCTION note_effect() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO effects (id, version) VALUES (NEW.id, NEW.version); NOTIFY effect; RETURN NEW; END $$;
CREATE TRIGGER note_effect BEFORE INSERT ON branches FOR EACH ROW EXECUTE FUNCTION note_effect();
"""
"""Before, and so of each attempt to write a copy: that the newest version wins would hide an effect that came twice."""
ANSWER_SECONDS = 0.1
"""How late a consumer hears that its effects are committed, when it is to be killed before it hears of it."""


@dataclass
class Town:
    """The directory, whose branches people change over HTTP, and clients, which keeps copies of them."""

    bus: Bus
    databases: dict[str, str]
    folder: Path
    wire: Network
    """Between the consumer and its database."""
    roles: list[Role] = field(default_factory=list)

    def open(self) -> None:
        for service in ("directory", "clients"):
            migrate(card(service), load(service, self.settings(service)))
        self.ask("clients", WATCH_EFFECTS)
        for service, role in (("directory", "http"), ("directory", "relay"), ("clients", "consumer")):
            settings = self.settings(service)
            self.roles.append(Role(service, role, settings, self.folder / f"{service}-{role}.log"))
        self.http.settings["FOYER_DIRECTORY_URL"] = self.address
        self.consumer.settings["FOYER_DATABASE_URL"] = self.wire.url
        for role in self.roles:
            role.launch()
        eventually(lambda: self.http.get("/readyz").status_code == 200, within=60)

    def settings(self, service: str) -> dict[str, str]:
        return {
            "FOYER_DATABASE_URL": self.databases[service],
            "FOYER_SECRETS": str(self.folder / "secrets"),
            "FOYER_RETRY_DELAYS": "0.1,0.2,0.5,1,1,1",
            **self.bus.environment(),
        }

    @property
    def http(self) -> Role:
        return self.roles[0]

    @property
    def consumer(self) -> Role:
        return self.roles[2]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.port}"

    def kill_one(self, dice: random.Random) -> None:
        """Any of the processes; of gunicorn sometimes the worker and sometimes its master."""
        role = dice.choice(self.roles)
        assert role.process
        if role is self.http and dice.random() < 0.5:
            for worker in psutil.Process(role.process.pid).children():
                worker.kill()
            return
        orphans = psutil.Process(role.process.pid).children() if role is self.http else []
        role.kill()
        psutil.wait_procs(orphans, timeout=10)  # its port is free once the worker has noticed
        role.launch()

    def kill_between_commit_and_acknowledgement(self, dice: random.Random) -> None:
        """Kills the consumer when effects are committed and it does not know it: their events will come again."""
        self.hear(self.rush(dice))  # after an unclean end it acknowledges first, for a while
        self.wire.delay = ANSWER_SECONDS
        self.rush(dice)
        with psycopg.connect(self.databases["clients"], autocommit=True) as session:
            session.execute("LISTEN effect")  # now, so that what is heard has just been committed
            assert list(session.notifies(timeout=30, stop_after=1)), "the consumer does nothing"
            self.consumer.kill()
        self.wire.delay = 0.0
        self.consumer.launch()

    def hear(self, branches: list[UUID]) -> None:
        """Waits until clients has copies of these."""
        eventually(lambda: set(branches) <= self.versions("clients").keys(), within=60, every=0.1)

    def rush(self, dice: random.Random) -> list[UUID]:
        """Many branches in one transaction, so that a kill meets a relay and a consumer that are at work."""
        made = []
        database = Database(load("directory", self.settings("directory")))
        by = verifier().verify(token("directory.branches.write"))
        with acting(Context(actor=by.actor, channel="api")), database.transaction() as session:
            for _ in range(RUSH):
                name = f"Centro {dice.getrandbits(60):x}"
                branch = actions.add(session, by, {**BRANCH, "name": name, "address": None, "active": True})
                made.append(branch.id)
        database.close()
        return made

    def ask(self, service: str, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.databases[service], autocommit=True) as session:
            cursor = session.execute(question)
            return cursor.fetchall() if cursor.description else []

    def is_at_rest(self) -> bool:
        """Everything is published, and has had its effect."""
        return (
            not self.ask("directory", "SELECT 1 FROM outbox LIMIT 1")
            and not self.ask("clients", "SELECT 1 FROM failures")
            and self.versions("directory") == self.versions("clients")
        )

    def versions(self, service: str) -> dict[Any, int]:
        return dict(self.ask(service, "SELECT id, version FROM branches"))

    def close(self) -> None:
        for role in self.roles:
            role.kill()
            print(f"{role.log.name}:\n{role.log.read_text()[-3000:]}")  # pytest shows it with a failure


class Writer:
    """Opens branches and renames them, and remembers what it was told is done."""

    def __init__(self, town: Town, number: int, seed: int) -> None:
        self._town = town
        self._dice = random.Random(f"{seed}/{number}")
        self._headers = {"Authorization": f"Bearer {token('directory.branches.write', lives=3600)}", "If-Match": "*"}
        self.told: dict[str, int] = {}
        """Branch to the version that an answer named last."""

    def run(self, over: threading.Event) -> None:
        while not over.is_set():
            known = list(self.told)
            if known and self._dice.random() < 0.8:
                self._send("PATCH", f"/branches/{self._dice.choice(known)}", {"name": self._name()})
            else:
                self._send("POST", "/branches", {**BRANCH, "name": self._name()})
            over.wait(self._dice.random() * 0.05)

    def _name(self) -> str:
        return f"Centro {self._dice.getrandbits(60):x}"

    def _send(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Like a person: without an answer they do not know, and go on with something else."""
        try:
            address = f"{self._town.address}/api/v1/directory{path}"
            answer = requests.request(method, address, json=body, headers=self._headers, timeout=10)
        except requests.RequestException:
            return
        assert answer.status_code in (200, 201, 500, 503), answer.text
        if answer.ok:
            said = answer.json()
            self.told[said["id"]] = said["version"]


@pytest.fixture(params=["embedded", "rabbitmq"])
def town(request: pytest.FixtureRequest, postgres: Any, tmp_path: Path) -> Iterator[Town]:
    databases = {service: postgres.url(postgres.new_database()) for service in ("directory", "clients", "bus")}
    rabbit = request.param == "rabbitmq"
    bus = RabbitBus(request.getfixturevalue("vhost")) if rabbit else EmbeddedBus(databases["bus"])
    make_secrets(tmp_path / "secrets")
    with network(databases["clients"]) as wire:
        town = Town(bus, databases, tmp_path, wire)
        try:
            town.open()
            yield town
        finally:
            town.close()
        for url in databases.values():
            postgres.drop_database(urlsplit(url).path.lstrip("/"))


def test_ten_kills_during_a_run_of_writes_lose_nothing_and_double_nothing(town: Town) -> None:
    _kill_and_count(town, kills=5)  # on each of the two transports


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_during_a_run_of_writes_lose_nothing_and_double_nothing(town: Town) -> None:
    _kill_and_count(town, kills=100)


def _kill_and_count(town: Town, kills: int) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    dice, over = random.Random(seed), threading.Event()
    unheard = dice.randrange(min(10, kills))
    writers = [Writer(town, number, seed) for number in range(WRITERS)]
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(writer.run, over) for writer in writers]
        try:
            for number in range(kills):
                over.wait(dice.uniform(0.1, 1.5))
                if number % 10 == unheard:
                    town.kill_between_commit_and_acknowledgement(dice)
                    continue
                town.rush(dice)
                over.wait(dice.uniform(0.0, 0.2))
                town.kill_one(dice)
        finally:
            over.set()
        for each in running:
            each.result()
    eventually(town.is_at_rest, within=60, every=0.2)
    _nothing_is_lost(town, writers)
    _nothing_is_twice(town)


def _nothing_is_lost(town: Town, writers: list[Writer]) -> None:
    versions = {str(id_): version for id_, version in town.versions("directory").items()}
    told = {branch: version for writer in writers for branch, version in writer.told.items()}
    assert len(told) > 10, "the writers have hardly written"
    assert {branch for branch, version in told.items() if versions.get(branch, 0) < version} == set()
    events = {(event["subject"], event["subjectversion"]) for event in town.bus.history()}
    assert events == {(branch, version) for branch, newest in versions.items() for version in range(1, newest + 1)}
    print(f"{len(events)} events of {len(versions)} branches")


def _nothing_is_twice(town: Town) -> None:
    ids = {(event["subject"], event["subjectversion"], event["id"]) for event in town.bus.history()}
    assert max(Counter(each[:2] for each in ids).values()) == 1, "one change was said as two events"
    effects = town.ask("clients", "SELECT id, version FROM effects")
    assert max(Counter(effects).values()) == 1, "one event had two effects"
    notes = town.ask("clients", "SELECT event_id FROM inbox WHERE reaction LIKE '%.keep_branch'")
    assert len(notes) == len(ids)
