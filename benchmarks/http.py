"""`GET`, `PATCH` and `POST` of a client against bare psycopg in the same gunicorn."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import requests
from joserfc import jwt
from joserfc.jwk import OKPKey

from benchmarks import load
from benchmarks.cpu import loop_at
from benchmarks.report import Line, at_least, at_most, told
from services.clients.profiles import actions
from services.clients.profiles.schemas import NewClient
from shared import clock
from shared.actor import Context, acting
from shared.auth.tokens import ALGORITHM, ISSUER
from shared.config import load as load_config
from shared.db import Database
from shared.ids import new_id
from shared.migrations.run import upgrade
from shared.ports import free_port
from shared.postgres_server import PostgresServer

ROUNDS = 5
SECONDS = 3.0
CONNECTIONS = 16
CLIENTS = 2000
SERVICES = [str(new_id()) for _ in range(3)]


class Bench:
    """A migrated database with clients, and a gunicorn of two workers on it."""

    service = "clients"
    site = "benchmarks.site:app"
    permissions: tuple[str, ...] = ("clients.read", "clients.write", "bookings.check")

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.port = free_port()
        key = OKPKey.generate_key("Ed25519", auto_kid=True)
        (folder / "bench-public-key").write_text(orjson.dumps(key.as_dict(private=False)).decode())
        self.env = {
            **os.environ,
            "FOYER_DATABASE_URL": server.url("bench_{service}"),
            "FOYER_BUS_URL": server.url("bench_bus"),
            "FOYER_SECRETS": str(folder),
        }
        self.config = load_config(self.service, self.env)
        self.token = _token(key, self.permissions)
        self.clients: list[str] = []

    def prepare(self) -> None:
        upgrade(self.config)
        database, shape = Database(self.config), NewClient()
        with acting(Context("service:bench", "import")), database.transaction() as session:
            for n in range(CLIENTS):
                client = actions.register(session, shape.load(body_of(n)), chain=self.config.chain, force=True)
                self.clients.append(str(client["id"]))
        database.close()

    @contextmanager
    def serving(self) -> Iterator[None]:
        command = [sys.executable, "-m", "gunicorn", "--worker-class=gevent", "--workers=2", "--no-control-socket"]
        process = subprocess.Popen([*command, f"--bind=127.0.0.1:{self.port}", self.site], env=self.env)
        try:
            deadline = clock.monotonic() + 20
            while clock.monotonic() < deadline:
                try:
                    if requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).ok:
                        break
                except requests.RequestException:
                    continue
            yield
        finally:
            process.terminate()
            process.wait(10)

    def measure(self, make: load.RequestMaker) -> load.Result:
        result = load.run(self.port, make, connections=CONNECTIONS, seconds=SECONDS)
        if result.errors:
            raise RuntimeError(f"{result.errors} requests were refused")
        return result


def _token(key: OKPKey, permissions: Sequence[str]) -> str:
    claims = {
        "iss": ISSUER,
        "sub": f"staff:{new_id()}",
        "sid": str(new_id()),
        "exp": int(clock.timestamp()) + 7200,
        "grants": [[["*"], list(permissions)]],
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def body_of(n: int) -> dict[str, Any]:
    return {
        "first_name": "Ana",
        "last_name": f"López {n}",
        "phones": [{"number": f"+346{n % 100_000_000:08d}", "type": "mobile", "primary": True}],
        "emails": [{"address": f"ana{n}@example.com", "primary": True}],
        "birth_date": "1990-05-17",
        "language": "es",
    }


def run(bench: Bench) -> list[Line]:
    headers = {"Authorization": f"Bearer {bench.token}", "If-Match": "*"}
    fresh = itertools.count(CLIENTS)

    def client(n: int) -> str:
        return bench.clients[n * 7919 % CLIENTS]

    def change(n: int) -> bytes:
        return orjson.dumps({"last_name": f"López {next(fresh)}"})

    def check(n: int) -> bytes:
        return orjson.dumps(
            {"client_id": client(n), "service_ids": SERVICES, "channel": "online", "branch_id": SERVICES[0]}
        )

    pairs: dict[str, tuple[load.RequestMaker, load.RequestMaker, float]] = {
        "GET a client": (
            lambda n: load.request("GET", f"/api/v1/clients/{client(n)}", headers),
            lambda n: load.request("GET", f"/bare/get/{client(n)}"),
            0.60,
        ),
        "PATCH a client": (
            lambda n: load.request("PATCH", f"/api/v1/clients/{client(n)}", headers, change(n)),
            lambda n: load.request("PATCH", f"/bare/patch/{client(n)}", body=change(n)),
            0.50,
        ),
        "POST a client": (
            lambda n: load.request("POST", "/api/v1/clients", headers, orjson.dumps(body_of(next(fresh)))),
            lambda n: load.request("POST", f"/bare/post/{client(n)}", body=orjson.dumps(body_of(next(fresh)))),
            0.50,
        ),
        "booking check": (
            lambda n: load.request("POST", "/api/v1/clients/booking-checks", headers, check(n)),
            lambda n: load.request("POST", f"/bare/check/{client(n)}", body=check(n)),
            0.60,
        ),
    }
    lines = []
    for path, (ours, theirs, share) in pairs.items():
        rounds = [(bench.measure(ours), bench.measure(theirs)) for _ in range(ROUNDS)]
        lines.append(at_least(path, [a.per_second for a, _ in rounds], [b.per_second for _, b in rounds], share))
    ours, theirs, _ = pairs["booking check"]
    return [*lines, *steadily(bench, "booking check", ours, theirs)]


def steadily(bench: Bench, path: str, ours: load.RequestMaker, theirs: load.RequestMaker) -> list[Line]:
    """p99 at 200 requests a second; beside it the bare way's and a loop's without a server, which are the machine's."""
    p99s = [load.run_at(200, bench.port, make, connections=CONNECTIONS, seconds=10).p99_ms for make in (ours, theirs)]
    return [
        at_most(f"{path} at 200 a second, p99", p99s[0], 10),
        told("... the bare way at 200 a second, p99", [p99s[1]], "ms"),
        told("... a loop of 1 ms without a server, p99", [loop_at(200, work_ms=1, seconds=10)], "ms"),
    ]
