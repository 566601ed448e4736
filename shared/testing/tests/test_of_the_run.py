"""One server serves a whole run, and ends with it however it ends. Each test here is a pytest run of its own."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.eventually import eventually
from shared.testing.servers.choose import uses_containers

ROOT = Path(__file__).parents[3]

TELL = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("one", range(4))
def test_tell(postgres, one, worker_id):
    Path(__file__).with_name(f"{worker_id}.told").write_text(postgres.address)
"""
HANG = """
import sys

def test_hang(postgres, broker):
    print(f"told {postgres.address} amqp {broker.address.amqp_port}", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run_of_pytest(tmp_path) -> Iterator:
    started: list[subprocess.Popen[str]] = []

    def start(source: str, *arguments: str) -> subprocess.Popen[str]:
        (tmp_path / "test_it.py").write_text(source)
        command = [sys.executable, "-m", "pytest", "-p", "shared.testing.plugin", "-s", "-c", "/dev/null", *arguments]
        run = subprocess.Popen(
            [*command, f"--rootdir={tmp_path}", str(tmp_path / "test_it.py")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(run)
        return run

    yield start
    for run in started:
        run.kill()
        run.communicate()


def port_of(told: str) -> str:
    return re.findall(r":(\d+)/postgres", told)[0]


def is_open(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


@pytest.mark.soak
def test_two_workers_share_one_server_and_the_end_of_the_run_stops_it(run_of_pytest, tmp_path):
    run = run_of_pytest(TELL, "-n2")
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    first, second = (path.read_text() for path in tmp_path.glob("gw?.told"))
    assert first == second
    assert not is_open(port_of(first))


@pytest.mark.soak
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_a_run_that_is_ended(run_of_pytest, end):
    if uses_containers():
        pytest.skip("containers are cleared up by Ryuk, or by the next run")
    run = run_of_pytest(HANG)
    told = next(line for line in run.stdout if "told " in line)
    ports = [port_of(told), told.split()[-1]]
    assert all(is_open(port) for port in ports)
    run.send_signal(end)
    eventually(lambda: not any(is_open(port) for port in ports), within=30)
