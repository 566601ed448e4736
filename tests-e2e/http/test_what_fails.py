"""What people and programs are told when something breaks here, and that it mends itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from werkzeug.test import TestResponse

from shared.api import problems, transaction
from shared.testing.servers.postgres import OwnPostgres
from shared.testing.service import Caller, ServiceUnderTest, services_on

STATUSES = "/api/v1/clients/statuses"


@pytest.fixture
def clients(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    return service_of("clients", FOYER_POOL_SIZE="5")  # one of its own, into which a test plants something


@pytest.fixture
def server(own_postgres: Callable[[], OwnPostgres]) -> OwnPostgres:
    return own_postgres()


@pytest.fixture
def lucia(server: OwnPostgres, tmp_path: Path) -> Iterator[Caller]:
    """Somebody at a service whose PostgreSQL may be stopped, and whose pool holds several connections to it."""
    for make in services_on(server, tmp_path):
        service = make("clients")
        fill(service)
        yield service.signed_in("clients.read", "clients.lists.write")
        server.start()


def fill(service: ServiceUnderTest) -> None:
    """As many connections as the pool takes, all of them given back."""
    with ExitStack() as held:
        for _ in range(service.config.pool_size):
            held.enter_context(service.house.database.engine.connect())


def is_away(answer: TestResponse) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.json["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) >= 1


def test_an_error_that_nobody_thought_of_says_nothing_but_its_id(clients, capfd, monkeypatch):
    structlog.reset_defaults()  # a command that ran in this process before may have logged elsewhere
    monkeypatch.setattr(problems, "log", structlog.get_logger())
    clients.app.add_url_rule("/planted", "planted", lambda: {}["a secret of the house"])
    answer = clients.anonymous().get("/planted", headers={"X-Request-ID": "planted-1234"})
    assert answer.status_code == 500
    assert answer.json == {
        "type": "about:blank",
        "title": "Something went wrong here. It was noted under this id.",
        "status": 500,
        "code": "error",
        "detail": "Something went wrong here. It was noted under this id.",
        "request_id": "planted-1234",
    }
    assert "a secret of the house" in "".join(capfd.readouterr()), "the log says what it was"


def test_a_database_that_is_away_is_said_so_in_the_readers_language_and_the_next_request_finds_it_back(server, lucia):
    server.stop()
    is_away(lucia.get(STATUSES))
    answer = lucia.get(STATUSES, headers={"Accept-Language": "es"})
    assert answer.json["detail"] == "Una parte del sistema no responde. Inténtalo de nuevo en un momento."
    is_away(lucia.post(STATUSES, {"name": "Nuevo"}))
    assert lucia.get("/healthz").status_code == 200, "the process itself lives"
    is_away(lucia.get("/readyz"))
    server.start()
    assert lucia.get(STATUSES).status_code == 200
    assert lucia.post(STATUSES, {"name": "Nuevo"}).status_code == 201


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_restarted_between_two_requests_costs_none_of_them(server, lucia, end):
    getattr(server, end)()
    server.start()
    for number in range(6):
        assert lucia.get(STATUSES).status_code == 200
        assert lucia.post(STATUSES, {"name": f"Estado {number}"}).status_code == 201


def test_a_connection_that_breaks_in_the_middle_of_a_change_is_said_so_and_nothing_is_changed(clients):
    def broken() -> str:
        with transaction() as session:
            session.execute(text("UPDATE statuses SET name = name || '!'"))
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "changed"

    clients.app.add_url_rule("/planted", "planted", broken)
    is_away(clients.anonymous().get("/planted"))
    assert clients.rows("SELECT count(*) FROM statuses WHERE name LIKE '%!'") == [0]
    assert clients.signed_in("clients.read").get(STATUSES).status_code == 200


def test_more_requests_than_connections_wait_their_turn_and_then_are_told_to_come_again(clients):
    lucia = clients.signed_in("clients.read")
    database = clients.house.database
    with ExitStack() as held:
        others = [held.enter_context(ExitStack()) for _ in range(clients.config.pool_size)]
        for other in others:
            other.enter_context(database.reading())
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(lucia.get, STATUSES)
            others[0].close()
            assert waiting.result().status_code == 200, "it waited"
        held.enter_context(database.reading())
        database.engine.pool._timeout = 0.2
        is_away(lucia.get(STATUSES))
    assert lucia.get(STATUSES).status_code == 200
