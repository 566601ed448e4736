"""Ten sleeping queries overlap in every role: gevent has patched before psycopg was imported, which nothing else tells.

A process begins as the role's own entry does, and then asks the database ten times at once.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from shared.card import installed
from shared.child_process import start_child
from shared.ports import free_port
from shared.testing.eventually import eventually

ROOT = Path(__file__).parents[2]
TEN_AT_ONCE = """
import sys, threading, time
{entry}
assert "psycopg" in sys.modules
import psycopg

def ask():
    with psycopg.connect(sys.argv[1]) as session:
        session.execute("SELECT pg_sleep(0.3)")

threads = [threading.Thread(target=ask) for _ in range(10)]
began = time.perf_counter()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(time.perf_counter() - began)
"""
COMMAND = "import click; from services.__main__ import main; main.get_command(click.Context(main), {service!r})"
WORKER = """
from shared.serving import app as serve

def app(service):
    served = serve(service)
    import psycopg

    def application(environ, start_response):
        if environ["PATH_INFO"] != "/sleep":
            return served(environ, start_response)
        with psycopg.connect(environ["QUERY_STRING"]) as session:
            session.execute("SELECT pg_sleep(0.3)")
        start_response("204 No Content", [])
        return []

    return application
"""
ONE_AFTER_ANOTHER = 3.0
WITH_ROWS = [service.name for service in installed() if service.name != "web"]


def test_the_measure_knows_a_process_that_is_not_patched_in_time(database):
    entry = "import psycopg; from gevent import monkey; monkey.patch_all()"
    assert seconds(entry, database) >= ONE_AFTER_ANOTHER


@pytest.mark.parametrize("service", WITH_ROWS)
def test_they_overlap_in_relay_consumer_and_worker(database, service):
    assert seconds(COMMAND.format(service=service) + "; import shared.roles", database) < ONE_AFTER_ANOTHER


def test_they_overlap_in_the_background_of_the_demo(database):
    assert seconds("import services.demo.background", database) < ONE_AFTER_ANOTHER


def seconds(entry: str, url: str) -> float:
    """How long ten queries of 0.3 seconds take in a process that begins with these imports."""
    command = [sys.executable, "-c", TEN_AT_ONCE.format(entry=entry), url]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr
    return float(asked.stdout.splitlines()[-1])


@pytest.mark.parametrize("service", WITH_ROWS)
def test_they_overlap_in_http(database, service, service_of, tmp_path):
    config = service_of(service).config
    (tmp_path / "sleeping.py").write_text(WORKER)
    port, parts = free_port(), urlsplit(database)
    options = ["-c", ROOT / "deploy" / "gunicorn.conf.py", f"--bind=127.0.0.1:{port}", f"--pythonpath={tmp_path}"]
    process = start_child(
        [sys.executable, "-m", "gunicorn", *options, f"sleeping:app('{service}')"],
        log=tmp_path / "http.log",
        env={"FOYER_DATABASE_URL": config.database_url, "FOYER_SECRETS": str(config.secrets)},
        cwd=ROOT,
    )
    try:
        eventually(lambda: answers(port), within=30)
        with ThreadPoolExecutor(10) as pool:
            url = f"http://127.0.0.1:{port}/sleep?{parts.geturl()}"
            took = [answer.elapsed.total_seconds() for answer in pool.map(requests.get, [url] * 10)]
        assert max(took) < ONE_AFTER_ANOTHER
    finally:
        process.kill()
        process.wait()
        print((tmp_path / "http.log").read_text())  # pytest shows it with a failure


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
    except requests.RequestException:
        return False
