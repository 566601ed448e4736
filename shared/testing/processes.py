"""The roles of a service as processes of their own, as a container runs them."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from shared.child_process import start_child
from shared.ports import free_port
from shared.testing.eventually import eventually

HOUSE = Path(__file__).parents[2]


@dataclass
class Role:
    """`python -m services <service> <role>`, with its metrics on a port of its own."""

    service: str
    name: str
    settings: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Role":
        self.launch()
        eventually(lambda: self.get("/healthz").status_code == 200, within=30)
        return self

    def launch(self) -> None:
        """Starts it and returns at once."""
        # An HTTP role listens where its container has room, at 8000; gunicorn takes another address from here.
        ports = {"FOYER_METRICS_PORT": str(self.port), "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{self.port}"}
        env = {"PATH": os.defpath, **ports, **self.settings}
        command = [sys.executable, "-m", "services", self.service, self.name]
        self.process = start_child(command, log=self.log, env=env, cwd=HOUSE)

    def kill(self) -> None:
        """kill -9; of gunicorn the worker is left to notice."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def get(self, path: str) -> requests.Response:
        """Raises AssertionError while it does not answer."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)
        except (requests.ConnectionError, requests.Timeout) as error:
            raise AssertionError(f"{self.name} does not answer: {self.log.read_text()[-2000:]}") from error

    def metric(self, name: str, **labels: str) -> float:
        """The value now. Raises AssertionError when the process does not export it."""
        for family in text_string_to_metric_families(self.get("/metrics").text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        raise AssertionError(f"{self.name} exports no {name} {labels or ''}")

    def send(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def stop(self) -> int:
        """Asks it to end, and answers its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        return self.process.wait(20)
