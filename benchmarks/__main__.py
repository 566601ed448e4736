"""`python -m benchmarks`: every path beside its limit. Exits with 1 when one of them misses what it must reach."""

from gevent import monkey

monkey.patch_all()  # before anything imports psycopg, which would block the whole process otherwise

import sys  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402

import psycopg  # noqa: E402

from benchmarks import billing, campaigns, events, files, gift_cards, http, imports, messages, search, start, writers  # noqa: E402
from benchmarks.report import Line, show  # noqa: E402
from shared import telemetry  # noqa: E402
from shared.card import card  # noqa: E402
from shared.config import load  # noqa: E402
from shared.db import Database  # noqa: E402
from shared.migrations.run import upgrade  # noqa: E402
from shared.postgres_server import PostgresServer  # noqa: E402
from shared.testing.servers.choose import new_broker  # noqa: E402

AS_IN_USE = "[application:set_env(rabbit, Each, 5000) || Each <- [collect_statistics_interval, quorum_tick_interval]]."
"""A broker of the tests counts five times a second, which costs a tenth of its work; in use every five seconds."""
SETTINGS = {"track_commit_timestamp": "on", "max_connections": "200"}


def main(wanted: list[str]) -> int:
    telemetry.configure_logs("warning")  # as in use: unconfigured, every published event would be printed
    lines: list[Line] = []
    suites = {
        "http": _http,
        "gift_cards": _gift_cards,
        "files": _files,
        "billing": _billing,
        "messages": _messages,
        "campaigns": _campaigns,
        "events": _events,
        "writers": _writers,
        "search": _search,
        "imports": _imports,
        "start": _start,
    }
    with _postgres() as server:
        for name, run in suites.items():
            if not wanted or name in wanted:
                lines += run(server)
    show(lines)
    return int(any(line.reached is False for line in lines))


@contextmanager
def _postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own that waits for the disk at every commit, as in use."""
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "postgres", settings=SETTINGS)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _http(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_clients")
    with tempfile.TemporaryDirectory() as folder:
        bench = http.Bench(Path(folder), server)
        bench.prepare()
        with bench.serving():
            return http.run(bench)


def _gift_cards(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_memberships")
    with tempfile.TemporaryDirectory() as folder:
        bench = gift_cards.Bench(Path(folder), server)
        bench.prepare()
        with bench.serving():
            return gift_cards.run(bench)


def _files(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_documents")
    with tempfile.TemporaryDirectory() as folder:
        bench = files.Bench(Path(folder), server)
        bench.prepare()
        with bench.serving():
            return files.run(bench)


def _billing(server: PostgresServer) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        bench = http.Bench(Path(folder), server)
        return billing.run(server, bench.env)


def _messages(server: PostgresServer) -> list[Line]:
    for name in ("bench_notifications", "bench_memberships", "bench_bus"):
        _make_database(server, name)
    with tempfile.TemporaryDirectory() as folder:
        return messages.run(Path(folder), http.Bench(Path(folder), server).env)


def _campaigns(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_notifications")
    _make_database(server, "bench_bus")
    with tempfile.TemporaryDirectory() as folder:
        bench = campaigns.Bench(Path(folder), server)
        bench.prepare()
        return campaigns.run(bench, Path(folder))


def _events(server: PostgresServer) -> list[Line]:
    with _road(server) as (road, _):
        return events.run(road)


def _writers(server: PostgresServer) -> list[Line]:
    with _road(server) as (road, bench):
        bench.prepare()
        with bench.serving():
            return writers.run(road, bench)


@contextmanager
def _road(server: PostgresServer) -> Iterator[tuple[events.Road, http.Bench]]:
    """From the clients service's database over a broker of its own."""
    _make_database(server, "bench_clients")
    broker = new_broker()
    broker.ctl("eval", AS_IN_USE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            bench = http.Bench(Path(folder), server)
            env = bench.env | {"FOYER_AMQP_URL": broker.new_vhost().url}
            config = load("clients", env)
            upgrade(config)
            yield events.Road(card("clients"), config, env), bench
    finally:
        broker.remove()


def _search(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_clients")
    with tempfile.TemporaryDirectory() as folder:
        bench = http.Bench(Path(folder), server)
        upgrade(bench.config)
        database = Database(bench.config)
        search.fill(database)
        with bench.serving():
            return search.run(bench, database)


def _imports(server: PostgresServer) -> list[Line]:
    _make_database(server, "bench_clients")
    with tempfile.TemporaryDirectory() as folder:
        bench = http.Bench(Path(folder), server)
        upgrade(bench.config)
        return imports.run(Path(folder), bench.config.database_url, bench.env)


def _start(_: PostgresServer) -> list[Line]:
    return start.run()


def _make_database(server: PostgresServer, name: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        session.execute(f"CREATE DATABASE {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
