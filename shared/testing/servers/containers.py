"""PostgreSQL and RabbitMQ in containers, with the same interface as those of this machine's programs."""

import os
import secrets
from pathlib import Path

import docker
import psycopg
from docker.models.containers import Container
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from shared.ports import free_port
from shared.testing.eventually import eventually
from shared.testing.servers.broker import ERLANG_ARGUMENTS, START_WITHIN_S, BrokerAddress, OwnBroker
from shared.testing.servers.docker_engine import images_at_hand
from shared.testing.servers.postgres import SETTINGS, OwnPostgres

_MAKER = "foyer-test-process"


def remove_left_over_containers() -> None:
    """Remove what a run that was killed has left where nothing else cleared up after it."""
    for container in docker.from_env().containers.list(all=True, filters={"label": _MAKER}):
        if not Path("/proc", container.labels[_MAKER]).exists():
            container.remove(force=True, v=True)


def reap_only_if_at_hand() -> None:
    """Go without the container that clears up after a killed run where its image would have to be fetched."""
    if not images_at_hand(testcontainers_config.ryuk_image):
        testcontainers_config.ryuk_disabled = True


class _Contained:
    """The life of one container, whose ports are ours to give: Docker's own choice changes with every start."""

    def __init__(self, image: str, ports: dict[int, int], environment: dict[str, str], command: list[str]) -> None:
        self._description = DockerContainer(image).with_envs(**environment).with_command(command)
        for inside, outside in ports.items():
            self._description.with_bind_ports(inside, outside)
        # RabbitMQ names its node, and its data after that, by the host.
        self._description.with_kwargs(hostname="foyer-test", labels={_MAKER: str(os.getpid())})
        self._description.start()
        self.host = self._description.get_container_host_ip()  # not known before it runs

    @property
    def running(self) -> Container:
        return self._description.get_wrapped_container()

    def start(self) -> None:
        """Start it again after `end`; one that runs is left alone."""
        self.running.start()

    def end(self, signal: str) -> None:
        self.running.kill(signal)
        self.running.wait()

    def remove(self) -> None:
        self._description.stop()


class ContainerPostgres(OwnPostgres):
    def __init__(self, image: str) -> None:
        port, password = free_port(), secrets.token_hex(12)
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._container = _Contained(
            image, {5432: port}, {"POSTGRES_USER": "foyer", "POSTGRES_PASSWORD": password}, settings
        )
        super().__init__(f"postgresql://foyer:{password}@{self._container.host}:{port}/postgres")

    def start(self) -> None:
        self._container.start()
        eventually(self._takes_connections, within=60, every=0.1)

    def stop(self) -> None:
        self._container.end("SIGINT")

    def kill(self) -> None:
        self._container.end("SIGKILL")

    def remove(self) -> None:
        self._container.remove()

    def _takes_connections(self) -> bool:
        # Over TCP: while the image makes its first database, a server answers on the socket only.
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


class ContainerBroker(OwnBroker):
    def __init__(self, image: str) -> None:
        amqp_port, api_port, password = free_port(), free_port(), secrets.token_hex(12)
        environment = {
            "RABBITMQ_DEFAULT_USER": "foyer",
            "RABBITMQ_DEFAULT_PASS": password,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_ARGUMENTS,
        }
        self._container = _Contained(image, {5672: amqp_port, 15672: api_port}, environment, [])
        super().__init__(BrokerAddress(amqp_port, api_port, "foyer", password, self._container.host))

    def start(self) -> None:
        self._container.start()
        eventually(self.takes_connections, within=START_WITHIN_S, every=0.1)

    def stop(self) -> None:
        self._container.end("SIGTERM")

    def kill(self) -> None:
        self._container.end("SIGKILL")

    def ctl(self, *args: str) -> str:
        code, output = self._container.running.exec_run(["rabbitmqctl", "-q", *args])
        if code:
            raise RuntimeError(f"rabbitmqctl {' '.join(args)}: {output.decode(errors='replace')}")
        return output.decode()

    def remove(self) -> None:
        self._container.remove()
