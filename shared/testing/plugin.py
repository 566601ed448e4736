"""The fixtures of every test of the house: servers, databases, virtual hosts, services, time.

| fixture | lives | is |
|---|---|---|
| `postgres`, `broker` | the run | one server for all tests and all workers; nobody may stop or block it |
| `database` | a test | the URL of an empty database |
| `vhost` | a test | an empty virtual host |
| `service_of` | a test | a function that makes a service by its name: migrated, with its HTTP door and its events |
| `travel_to` | a test | a function that moves this process's clock to a moment; it comes home by itself |
| `own_postgres`, `own_broker` | a test | functions that start a server of the test's own, to kill, stop and block |
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from shared import clock
from shared.testing.servers.broker import Broker, OwnBroker, Vhost
from shared.testing.servers.choose import new_broker, new_postgres
from shared.testing.servers.of_the_run import Contact, ServersOfTheRun, shared_broker, shared_postgres
from shared.testing.servers.postgres import OwnPostgres, Postgres

if TYPE_CHECKING:
    from shared.testing.service import ServiceUnderTest

_OWNER = pytest.StashKey[ServersOfTheRun]()
_CONTACT = pytest.StashKey[Contact]()

Server = TypeVar("Server", OwnPostgres, OwnBroker)


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)  # in a worker of pytest-xdist
    if given:
        config.stash[_CONTACT] = Contact(given["foyer_socket"], given["foyer_key"])
    else:
        config.stash[_OWNER] = ServersOfTheRun()
        config.stash[_CONTACT] = config.stash[_OWNER].contact


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Called by pytest-xdist for each worker before it starts."""
    contact = node.config.stash[_CONTACT]
    node.workerinput.update(foyer_socket=contact.socket, foyer_key=contact.key)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _OWNER in config.stash:
        config.stash[_OWNER].close()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    """The PostgreSQL of the run."""
    return shared_postgres(pytestconfig.stash[_CONTACT])


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Broker:
    """The RabbitMQ of the run."""
    return shared_broker(pytestconfig.stash[_CONTACT])


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of this test."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    """An empty virtual host of this test."""
    vhost = broker.new_vhost()
    yield vhost
    vhost.drop()


@pytest.fixture
def service_of(postgres: Postgres, tmp_path: Path) -> Iterator[Callable[..., "ServiceUnderTest"]]:
    """Makes a service on a database of its own; several in a test are of one installation but for the broker."""
    from shared.testing.service import services_on  # only tests of services need Flask and the ORM

    yield from services_on(postgres, tmp_path)


@pytest.fixture
def travel_to() -> Iterator[Callable[[datetime], None]]:
    """Moves this process's clock to a moment, from which it goes on."""

    def travel(moment: datetime) -> None:
        clock.travel(timedelta())
        clock.travel(moment - clock.now())

    yield travel
    clock.travel(timedelta())


@pytest.fixture
def own_postgres() -> Iterator[Callable[[], OwnPostgres]]:
    """Start a PostgreSQL that only this test uses; half a second each."""
    yield from _servers_of_a_test(new_postgres)


@pytest.fixture
def own_broker() -> Iterator[Callable[[], OwnBroker]]:
    """Start a RabbitMQ that only this test uses; about six seconds each."""
    yield from _servers_of_a_test(new_broker)


def _servers_of_a_test(new: Callable[[], Server]) -> Iterator[Callable[[], Server]]:
    started: list[Server] = []

    def start() -> Server:
        started.append(new())
        return started[-1]

    yield start
    for server in started:
        server.remove()
