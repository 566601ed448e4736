"""The whole of Foyer for the tests from end to end: what `make run` starts, once per worker of the test run."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from services.demo import SERVICES_WITH_ROWS
from shared.ids import new_id
from shared.ports import free_port
from shared.postgres_server import PostgresServer
from shared.testing.eventually import eventually
from shared.testing.places import open_place

CODE = Path(__file__).parents[1]
PASSWORD = "foyer-demo"
PROVIDER = "Serena ID"
NONE: Mapping[str, str] = {}


class House:
    """A running installation with the demo's rows: the site, the background, the embedded transport."""

    def __init__(self, home: Path, secrets: Mapping[str, str] = NONE, **settings: str) -> None:
        """`settings` as FOYER_…, and secrets that its operator brings along."""
        self.home = home
        self.provider_port = free_port()
        """Where its people's own OpenID Connect provider would answer; a test that needs it starts it there."""
        (home / "secrets").mkdir(parents=True, mode=0o700)
        for name, secret in ({"oidc-client-secret": "a secret of the provider's making"} | dict(secrets)).items():
            (home / "secrets" / name).write_text(secret)
        self._shown = ""
        self._numbers = count(1)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services", "demo"],
            cwd=CODE,
            env={
                "FOYER_HOME": str(home),
                "PORT": "0",
                "PATH": "/usr/bin:/bin",
                "FOYER_DEMO_PASSWORD": PASSWORD,
                "FOYER_OIDC_ISSUER": f"http://127.0.0.1:{self.provider_port}",
                "FOYER_OIDC_NAME": PROVIDER,
                **settings,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def wait_until_ready(self) -> None:
        eventually(lambda: "is ready" in self._shown or self._process.poll() is not None, within=120)
        assert "is ready" in self._shown, self._shown
        eventually(self._has_heard_all, within=120)  # the demo's rows are thousands of events

    def _has_heard_all(self) -> bool:
        """Whether every service has its copies of the others' rows: nothing waits in an outbox or a queue."""
        postgres = self.home / "postgres"
        port = (postgres / "data" / "postmaster.pid").read_text().splitlines()[3]
        server = PostgresServer(postgres, port=int(port))
        waiting = {f"foyer_{name}": "outbox" for name in SERVICES_WITH_ROWS} | {"foyer_bus": "deliveries"}
        for database, table in waiting.items():
            with psycopg.connect(server.url(database)) as session:
                if session.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                    return False
        return True

    @property
    def address(self) -> str:
        return self._shown.split("ready: ")[1].split()[0]

    def api(self, username: str = "admin") -> "Api":
        """The HTTP API, as one of the demo's people."""
        return Api(self.address, username)

    def new_client(self, **details: Any) -> dict[str, Any]:
        """A client of this test's own, whose name no other client has."""
        number = next(self._numbers)
        named = {"first_name": "Prueba", "last_name": f"Número {number}", "preferred_branch_id": self.branch()["id"]}
        made: dict[str, Any] = self.api().send("POST", "clients?force=true", named | details)
        eventually(self._has_heard_all, within=30)
        return made

    @cache  # noqa: B019 -- one house lives as long as its worker
    def branch(self, name: str = "Salamanca") -> dict[str, Any]:
        found = self.api().send("GET", f"directory/branches?search={name}")["items"]
        return dict(found[0])

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in (self.home / "logs").glob("*.log"))

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(60)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._shown += line


class Api:
    def __init__(self, address: str, username: str) -> None:
        self._address = address
        self._username = username
        sent = {"grant_type": "password", "username": username, "password": PASSWORD}
        token = requests.post(f"{address}/api/v1/directory/tokens", json=sent, timeout=30).json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}", "If-Match": "*"}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The decoded answer; a refusal fails the test with what it says."""
        url = f"{self._address}/api/v1/{path}"
        answer = requests.request(method, url, json=body, headers=self._headers | headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def once(self, method: str, path: str, body: Any = None) -> Any:
        """The same with an Idempotency-Key of its own, for what moves money."""
        return self.send(method, path, body, **{"Idempotency-Key": str(new_id())})


@pytest.fixture(scope="session")
def new_house() -> Callable[..., Iterator[House]]:
    """What opens a house for as long as it is asked for: with secrets and settings of its own, by default with none."""

    def open_house(secrets: Mapping[str, str] = NONE, **settings: str) -> Iterator[House]:
        with open_place() as place:
            house = House(place / "home", secrets, **settings)
            try:
                house.wait_until_ready()
                yield house
            finally:
                house.stop()

    return open_house


@pytest.fixture(scope="session")
def house(new_house: Callable[..., Iterator[House]]) -> Iterator[House]:
    yield from new_house()
