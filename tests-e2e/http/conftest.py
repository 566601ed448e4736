"""A service under gunicorn, as people run it, and schemathesis, which holds it to its document over HTTP."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from shared.ports import free_port
from shared.testing.eventually import eventually
from shared.testing.service import ServiceUnderTest
from shared.testing.tokens import KEY

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class Served:
    address: str
    log: Path


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=10).ok
    except requests.RequestException:
        return False


@pytest.fixture
def identity_provider() -> Iterator[str]:
    """The address of a real OpenID Connect provider."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(f"{address}/.well-known/openid-configuration"), within=30)
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    """The gateway of test cards, as a process of its own."""
    process = SandboxProcess(tmp_path / "sandbox").start()
    yield process
    process.stop()


@pytest.fixture
def served(tmp_path: Path, identity_provider: str) -> Iterator[Callable[[ServiceUnderTest], Served]]:
    """A function that serves the database of a service under test with gunicorn, at an address of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def serve(service: ServiceUnderTest) -> Served:
        port, log = free_port(), tmp_path / "gunicorn.log"
        environment = {
            "FOYER_DATABASE_URL": service.database.url,
            "FOYER_SECRETS": str(service.config.secrets),
            "FOYER_LOG_LEVEL": "warning",
            "FOYER_OIDC_ISSUER": identity_provider,
            "FOYER_SANDBOX_URL": service.config.sandbox_url,
            "FOYER_FILES_FOLDER": str(service.config.files.place),
            "PYTHONPATH": f"{ROOT}:{HERE}",
        }
        (service.config.secrets / "directory-signing-key").write_text(json.dumps(KEY.as_dict(private=True)))
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gevent", "--bind", f"127.0.0.1:{port}"]
        with log.open("wb") as output:
            started.append(
                subprocess.Popen(
                    [*command, f"served:app('{service.card.name}')"],
                    cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT,
                )
            )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{address}/readyz"), within=30)
        return Served(address, log)

    yield serve
    for process in started:
        process.terminate()
        process.wait(30)


CONFIG = f"""\
hooks = "{HERE / "fuzz.py"}"
continue-on-failure = true

[checks]
# RFC 6585 says 428 for a missing If-Match; a version that is no longer the latest is refused as a conflict is.
missing_required_header.expected-statuses = ["400", "401", "403", "422", "428"]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "429"]
not_a_server_error.expected-statuses = ["2xx", "4xx"]
"""


@pytest.fixture
def fuzz(tmp_path: Path, served: Callable[[ServiceUnderTest], Served]) -> Callable[..., None]:
    """A function that fuzzes a service of which a part of `prepared.py` is told: no check is switched off.

    `examples` is for each operation; with `thorough` they come on top of those that look at the edges of every field,
    and of operations in the order in which one leads to another.
    """

    def run(service: ServiceUnderTest, told: Any, examples: int, *, thorough: bool = False) -> None:
        (tmp_path / "fuzz.json").write_text(json.dumps(told, default=str))
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        site = served(service)
        document = f"{site.address}/api/v1/{service.card.name}/openapi.json"
        command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", "schemathesis.toml"]
        options = ["run", document, "--max-examples", str(examples), "--no-color"]
        options += [] if thorough else ["--phases", "examples,fuzzing"]
        ran = subprocess.run(
            [*command, *options], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert ran.returncode == 0, f"{ran.stdout}\n{site.log.read_text()[-5000:]}"

    return run
