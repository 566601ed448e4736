"""What Kubernetes is told about a role."""

import threading
from dataclasses import dataclass, field

import pytest
from werkzeug.test import Client

from shared import clock
from shared.vitals import Vitals


@dataclass
class Relay:
    """A loop as the vitals see it."""

    turned: float
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None: ...


@pytest.fixture
def clients(service_of):
    return service_of("clients")


def ask(clients, path: str, *, still: float = 0.0):
    return Client(Vitals("clients", [Relay(clock.monotonic() - still)], clients.database)).get(path)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_loop_that_has_not_gone_round_for_a_minute_is_dead(clients, path):
    assert ask(clients, path, still=59).status_code == 200
    answer = ask(clients, path, still=61)
    assert (answer.status_code, answer.text) == (503, "the relay has not gone round for 61 s\n")


def test_a_role_waits_for_its_schema(clients):
    with clients.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM alembic_version")
    answer = ask(clients, "/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("the schema is None, waiting for ")
    assert clients.anonymous().get("/readyz").status_code == 503
    assert ask(clients, "/healthz").status_code == 200


def test_the_release_before_stays_ready_while_the_database_is_already_newer(clients):
    with clients.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert ask(clients, "/readyz").status_code == 200
    assert clients.anonymous().get("/readyz").status_code == 200


def test_metrics_are_told_inside_only(clients):
    assert "foyer_relay_active" in clients.anonymous().get("/metrics").text
    through_a_proxy = clients.anonymous().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert through_a_proxy.status_code == 404
