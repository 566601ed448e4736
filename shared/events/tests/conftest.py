"""Every test of this folder that takes `house` is run on each transport."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
import structlog

from shared.events.tests import salon
from shared.events.tests.house import House
from shared.testing.behaviours import TRANSPORTS
from shared.testing.buses import Bus, EmbeddedBus, RabbitBus
from shared.testing.platform_database import new_platform_database
from shared.testing.servers.broker import OwnBroker
from shared.testing.servers.choose import new_broker, new_postgres
from shared.testing.servers.postgres import OwnPostgres


@pytest.fixture(autouse=True)
def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("info"))


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bus(transport: str, request: pytest.FixtureRequest) -> Bus:
    """On the servers of the run: nobody may stop or block it."""
    if transport == "rabbitmq":
        return RabbitBus(request.getfixturevalue("vhost"))
    return EmbeddedBus(request.getfixturevalue("database"))


@pytest.fixture(scope="module")
def own_server() -> Iterator[Callable[[str], OwnBroker | OwnPostgres]]:
    """The server of a transport that the tests of one file may stop, kill and block; they share it."""
    started: dict[str, OwnBroker | OwnPostgres] = {}

    def server(transport: str):
        if transport not in started:
            started[transport] = new_broker() if transport == "rabbitmq" else new_postgres()
        started[transport].start()
        return started[transport]

    yield server
    for each in started.values():
        each.remove()


@pytest.fixture
def own_bus(transport: str, own_server) -> Iterator[Bus]:
    """On a server of its own, to be troubled."""
    server = own_server(transport)
    if transport == "rabbitmq":
        vhost = server.new_vhost()
        yield RabbitBus(vhost, server)
        server.start()
        vhost.drop()
    else:
        yield EmbeddedBus(server.url(server.new_database()), server)


@pytest.fixture
def service_database(postgres) -> Iterator[str]:
    """With the shared tables, and those of the salon."""
    url = new_platform_database(postgres)
    with psycopg.connect(url) as session:
        for statement in salon.TABLES:
            session.execute(statement)
    yield url
    postgres.drop_database(urlsplit(url).path.lstrip("/"))


@pytest.fixture
def house(bus, service_database, tmp_path) -> Iterator[House]:
    """Declared and ready, with nothing running."""
    house = House(bus, service_database, tmp_path)
    house.declare()
    yield house
    house.close()


@pytest.fixture
def forgetful(bus, service_database, tmp_path) -> Iterator[House]:
    """The same, on a bus whose memory is short."""
    bus.forgets_soon()
    house = House(bus, service_database, tmp_path)
    house.declare()
    yield house
    house.close()


@pytest.fixture
def troubled(own_bus, service_database, tmp_path) -> Iterator[House]:
    """The same, on a server that the test may stop."""
    house = House(own_bus, service_database, tmp_path)
    house.declare()
    yield house
    house.close()
