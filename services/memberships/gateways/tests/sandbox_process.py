"""The sandbox as a process of a test's own, with its book in the test's folder."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import requests

from services.memberships.gateways.port import SavedCard
from services.memberships.gateways.sandbox_gateway import SandboxGateway, over_http
from shared.child_process import start_child
from shared.ids import new_id
from shared.ports import free_port
from shared.testing.eventually import eventually

HOUSE = Path(__file__).parents[4]
KEY = "b" * 43
"""As `shared.testing.service.make_secrets` writes it."""


class SandboxProcess:
    """`python -m services memberships sandbox`; a service under test finds it by `settings`."""

    def __init__(self, folder: Path, *options: str, webhooks_to: str = "http://127.0.0.1:9") -> None:
        """`options` as on the command line; `webhooks_to` is the address of the installation."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.options, self.webhooks_to = folder, options, webhooks_to
        self.url = f"http://127.0.0.1:{free_port()}"
        self.settings = {"FOYER_SANDBOX_URL": self.url}
        self.book = folder / "sandbox.db"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "SandboxProcess":
        secrets = self.folder / "sandbox-secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "sandbox-key").write_text(KEY)
        env = {
            "PATH": os.defpath,
            "FOYER_DATABASE_URL": "postgresql://none",
            "FOYER_SECRETS": str(secrets),
            "FOYER_BASE_URL": self.webhooks_to,
        }
        where = ["--bind", self.url.removeprefix("http://"), "--book", str(self.book)]
        command = [sys.executable, "-m", "services", "memberships", "sandbox", *where, *self.options]
        self._process = start_child(command, log=self.folder / "sandbox.log", env=env, cwd=HOUSE)
        eventually(self.answers, within=30)
        return self

    @property
    def started(self) -> bool:
        return self._process is not None

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def kill(self) -> None:
        """kill -9. `start` brings it back, with its book as it was."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(20)

    def gateway(self, account: str = "main", timeout: float = 10.0) -> SandboxGateway:
        return SandboxGateway(account, over_http(self.url, KEY, timeout), KEY, self.url)

    def card(self, behaves: str = "accepted", client_id: UUID | None = None, account: str = "main") -> SavedCard:
        """A saved test card of this client, by default of a new one."""
        gateway = self.gateway(account)
        customer = gateway.add_customer(client_id or new_id())
        setup = gateway.begin_setup(customer, "")
        gateway.choose_card(setup, behaves)
        return gateway.save_card(customer, setup.id)

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """What the bank or the network does of its own: `PATCH /v1/cards/…`, `POST /v1/disputes/…/close`."""
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = requests.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=10)
        assert answer.ok, answer.text
        return dict(answer.json())

    def confirm_at_bank(self, payment: str) -> None:
        """What the client does on the bank's page."""
        assert requests.post(f"{self.url}/sandbox/bank/{payment}", data={"answer": "yes"}, timeout=10).ok

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the book: tables customers, cards, payments, refunds, disputes, events."""
        with sqlite3.connect(f"file:{self.book}?mode=ro", uri=True) as session:
            return session.execute(query, values).fetchall()

    def wait_for(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The same, once there is something."""
        return eventually(lambda: self.rows(query, *values), within=10)
