"""A RabbitMQ as tests see it: virtual hosts that come and go, and what can be asked of them.

Everything goes over the management API, which answers in milliseconds where `rabbitmqctl` takes a second.
"""

import secrets
import socket
from abc import ABC, abstractmethod
from dataclasses import dataclass
from urllib.parse import quote

import pika
import requests


@dataclass(frozen=True)
class BrokerAddress:
    """Where a broker is reached, and as whom. Plain, so that it can be handed to another process."""

    amqp_port: int
    api_port: int
    user: str
    password: str
    host: str = "127.0.0.1"


# Counts are five seconds old by default, and tests would wait for them. Arguments and not a configuration file, because
# they reach a container and a program in the same way.
ERLANG_ARGUMENTS = (
    "-rabbit collect_statistics_interval 200 -rabbit quorum_tick_interval 200 "
    "-rabbitmq_management_agent sample_retention_policies [{global,[{60,1}]},{basic,[{60,1}]},{detailed,[{60,1}]}]"
)
START_WITHIN_S = 90.0  # it takes about 6, on a machine that is not busy


class Broker:
    """A running RabbitMQ. Virtual hosts share nothing, so tests that have one each do not meet."""

    def __init__(self, address: BrokerAddress) -> None:
        self.address = address
        self._http = requests.Session()
        self._http.auth = (address.user, address.password)
        self._http.trust_env = False

    def url(self, vhost: str = "/", user: str | None = None, password: str | None = None) -> str:
        """The AMQP address of a virtual host, for the administrator or for `user`."""
        name, word = (user, password) if user else (self.address.user, self.address.password)
        return f"amqp://{name}:{word}@{self.address.host}:{self.address.amqp_port}/{quote(vhost, safe='')}"

    def new_vhost(self) -> "Vhost":
        """An empty virtual host of its own name, which the administrator may use. Drop it when done."""
        name = f"test-{secrets.token_hex(6)}"
        self.api("PUT", "vhosts", name, json={})
        self.api("PUT", "permissions", name, self.address.user, json=_permissions(".*", ".*", ".*"))
        return Vhost(self, name)

    def api(self, method: str, *path: str, **request) -> requests.Response:
        """Call the management API. Raises requests.HTTPError on a refusal."""
        where = "/".join(quote(part, safe="") for part in path)
        answer = self._http.request(
            method, f"http://{self.address.host}:{self.address.api_port}/api/{where}", timeout=30, **request
        )
        answer.raise_for_status()
        return answer

    def takes_connections(self) -> bool:
        """Whether clients are answered. A connection alone says little: a proxy before the broker accepts those too."""
        try:
            with socket.create_connection((self.address.host, self.address.amqp_port), timeout=2) as peer:
                peer.sendall(b"AMQP\x00\x00\x09\x01")
                speaks_amqp = peer.recv(1) == b"\x01"  # the frame that begins connection.start
            return speaks_amqp and self.api("GET", "overview").ok
        except (OSError, requests.RequestException):
            return False


@dataclass(frozen=True)
class Queue:
    name: str
    type: str
    ready: int
    unacknowledged: int
    arguments: dict
    policy: str | None


class OwnBroker(Broker, ABC):
    """A broker of a test's own, which it may stop, kill and block. What is durable survives all of it."""

    @abstractmethod
    def start(self) -> None:
        """Return once clients are answered, at the same address as before."""

    @abstractmethod
    def stop(self) -> None:
        """Shut down cleanly; takes about 6 s. Connections are told."""

    @abstractmethod
    def kill(self) -> None:
        """kill -9. Connections break. See `settle` if the test has just declared something."""

    def settle(self) -> None:
        """Have the broker write to disk which quorum queues it has, which it does by itself only after a second.

        RabbitMQ 3.10 that is killed before that comes back with a queue that never elects a leader: what it held is
        lost, and declaring it again succeeds and changes nothing.
        """
        self.ctl("eval", "[ok = dets:sync(Table) || Table <- dets:all()].")

    @abstractmethod
    def ctl(self, *args: str) -> str:
        """What `rabbitmqctl -q` with these arguments prints."""

    @abstractmethod
    def remove(self) -> None:
        """End it at once and delete all that it wrote."""

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def block(self) -> None:
        """Raise the memory alarm: who publishes is blocked, consumers go on. It is in force on return."""
        self.ctl("set_vm_memory_high_watermark", "0")

    def unblock(self) -> None:
        """Clear the alarm that `block` raised."""
        self.ctl("set_vm_memory_high_watermark", "0.6")


class Vhost:
    """One virtual host of a broker."""

    def __init__(self, broker: Broker, name: str) -> None:
        self.broker = broker
        self.name = name

    @property
    def url(self) -> str:
        """Where the administrator connects."""
        return self.broker.url(self.name)

    def drop(self) -> None:
        """Remove it with all that it holds; its connections are closed."""
        self.broker.api("DELETE", "vhosts", self.name)

    def queues(self) -> dict[str, Queue]:
        """The queues by name. The counts are up to two seconds old: ask within `eventually`, or see `ready`."""
        found = self.broker.api("GET", "queues", self.name).json()
        return {queue["name"]: _queue(queue) for queue in found}

    def ready(self, queue: str) -> int:
        """How many messages wait in the queue now. Raises pika's ChannelClosedByBroker if there is no such queue.

        Exact, but 0 while a quorum queue has no leader, which is so for a moment after a start.
        """
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            return connection.channel().queue_declare(queue, passive=True).method.message_count

    def bindings(self, queue: str) -> set[tuple[str, str]]:
        """(exchange, routing key) of what is bound to the queue, the default exchange left out."""
        found = self.broker.api("GET", "queues", self.name, queue, "bindings").json()
        return {(binding["source"], binding["routing_key"]) for binding in found if binding["source"]}

    def set_policy(self, name: str, pattern: str, definition: dict, apply_to: str = "queues") -> None:
        """Give the queues (or exchanges) whose names match `pattern` the arguments of `definition`, priority 0."""
        policy = {"pattern": pattern, "definition": definition, "apply-to": apply_to}
        self.broker.api("PUT", "policies", self.name, name, json=policy)

    def new_user(
        self,
        *,
        configure: str = "^$",
        write: str = "^$",
        read: str = "^$",
        may_publish: dict[str, str] | None = None,
    ) -> str:
        """The AMQP address of a new user with these permissions (patterns of names; by default none).

        `may_publish` holds, by topic exchange, the pattern of the routing keys that it may write.
        """
        user, password = f"{self.name}-{secrets.token_hex(3)}", secrets.token_hex(12)
        self.broker.api("PUT", "users", user, json={"password": password, "tags": ""})
        self.broker.api("PUT", "permissions", self.name, user, json=_permissions(configure, write, read))
        for exchange, keys in (may_publish or {}).items():
            topic = {"exchange": exchange, "write": keys, "read": ".*"}
            self.broker.api("PUT", "topic-permissions", self.name, user, json=topic)
        return self.broker.url(self.name, user, password)

    def close_connections(self) -> int:
        """Cut every client off, as a network failure would; returns how many. A connection just made may be missed."""
        names = [each["name"] for each in self.broker.api("GET", "vhosts", self.name, "connections").json()]
        for name in names:
            self.broker.api("DELETE", "connections", name)
        return len(names)


def _permissions(configure: str, write: str, read: str) -> dict[str, str]:
    return {"configure": configure, "write": write, "read": read}


def _queue(row: dict) -> Queue:
    return Queue(
        name=row["name"],
        type=row.get("type", "classic"),
        ready=row.get("messages_ready", 0),
        unacknowledged=row.get("messages_unacknowledged", 0),
        arguments=row["arguments"],
        policy=row.get("policy"),
    )
