"""Which servers the tests run against: containers or this machine's own programs."""

from functools import cache
from types import ModuleType
from typing import TypeVar

from shared.config import ServersForTests, load_servers_for_tests
from shared.postgres_binaries import PostgresFailed, installed
from shared.testing.servers.broker import OwnBroker
from shared.testing.servers.docker_engine import images_at_hand
from shared.testing.servers.postgres import LocalPostgres, OwnPostgres
from shared.testing.servers.rabbitmq import PROGRAMS, LocalBroker

Server = TypeVar("Server", OwnPostgres, OwnBroker)


def new_postgres() -> OwnPostgres:
    """A PostgreSQL that runs. Whoever asks for it removes it."""
    return _started(_postgres())


def new_broker() -> OwnBroker:
    """A RabbitMQ that runs. Whoever asks for it removes it."""
    return _started(_broker())


@cache
def settings() -> ServersForTests:
    return load_servers_for_tests()


@cache
def uses_containers() -> bool:
    """As FOYER_TEST_SERVERS says; "auto" takes containers only where nothing would have to be fetched for them."""
    if settings().kind == "local":
        return False
    if settings().kind == "containers":
        return True
    return images_at_hand(settings().postgres_image, settings().rabbitmq_image)


def missing_packages() -> list[str]:
    """The Debian packages without which the servers cannot run on this machine."""
    if uses_containers():
        return []
    return [*_missing_postgres(), *_missing_rabbitmq()]


def _missing_postgres() -> list[str]:
    try:
        installed()
    except PostgresFailed:
        return ["postgresql"]
    return []


def _missing_rabbitmq() -> list[str]:
    return [] if (PROGRAMS / "rabbitmq-server").exists() else ["rabbitmq-server"]


def _started(server: Server) -> Server:
    try:
        server.start()
    except BaseException:
        server.remove()
        raise
    return server


def _postgres() -> OwnPostgres:
    if uses_containers():
        return _containers().ContainerPostgres(settings().postgres_image)
    return LocalPostgres()


def _broker() -> OwnBroker:
    if uses_containers():
        return _containers().ContainerBroker(settings().rabbitmq_image)
    if missing := _missing_rabbitmq():
        raise RuntimeError(f"no RabbitMQ to test with: apt-get install {' '.join(missing)}, or use containers")
    return LocalBroker()


@cache
def _containers() -> ModuleType:
    # Imported where it is needed: testcontainers asks the engine as soon as it is imported.
    from shared.testing.servers import containers

    containers.reap_only_if_at_hand()
    containers.remove_left_over_containers()
    return containers
