"""What a RabbitMQ must hold before Foyer uses it: users with their rights, the shared exchanges, the stream, policies.

In RabbitMQ's own definitions format: loaded again it changes what differs and removes nothing. It can be loaded at boot
(`load_definitions`), by `rabbitmqctl import_definitions` or by `POST /api/definitions`.

Nobody but the operator may write to the default exchange, which would reach every queue past all rights.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from shared.events.rabbitmq import ANNOUNCEMENTS, EVENTS, STREAM

Entry = dict[str, Any]

OPERATOR = "operator"
DAYS_OF_STREAM = 30
DELIVERIES = 20
"""How often a message may end its consumer before RabbitMQ gives up on it."""
SUBSCRIBER_BYTES = 1_000_000_000
"""What an outside queue may hold. Past it the oldest is dropped: one forgotten subscriber must not fill the disk for
all, and what it missed is on the stream. The queues of services have no such limit: a full one would refuse, and with
it hold up the relays of everybody; their age raises an alarm instead."""


def definitions(passwords: Mapping[str, str], subscribers: Iterable[str] = (), vhost: str = "/") -> Entry:
    """`passwords` by user: the operator, every service with a relay or a consumer, every subscriber."""
    outside = [_checked(name) for name in subscribers]
    services = [name for name in passwords if name not in (OPERATOR, *outside)]
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(name, word) for name, word in passwords.items()],
        "permissions": [
            _may(OPERATOR, vhost, configure=".*", write=".*", read=".*"),
            *(_rights_of_service(name, vhost) for name in services),
            *(_rights_of_subscriber(name, vhost) for name in outside),
        ],
        "topic_permissions": [
            *(right for name in services for right in _topics_of_service(name, vhost)),
            *(_topic(name, vhost, EVENTS.name, write="^$", read=".*") for name in outside),
        ],
        "exchanges": [_exchange(exchange.name, vhost) for exchange in (EVENTS, ANNOUNCEMENTS)],
        "queues": [_stream(vhost)],
        "bindings": [_everything_to_stream(vhost)],
        "policies": list(_policies(services, outside, vhost)),
    }


def _rights_of_service(name: str, vhost: str) -> Entry:
    """Its own queues; writing to the shared exchanges is narrowed by type below."""
    own = rf"{re.escape(name)}(\.dead|\.given-up)?"
    shared = "|".join(re.escape(exchange.name) for exchange in (EVENTS, ANNOUNCEMENTS))
    log = re.escape(STREAM.name)
    return _may(name, vhost, configure=f"^{own}$", write=f"^({own}|{shared})$", read=f"^({own}|{shared}|{log})$")


def _topics_of_service(name: str, vhost: str) -> list[Entry]:
    """It writes its own types, hears all of them, and of the announcements those for its own queue."""
    types = rf"^{re.escape(name)}\."
    return [
        _topic(name, vhost, EVENTS.name, write=types, read=".*"),
        _topic(name, vhost, ANNOUNCEMENTS.name, write=types, read=rf"^#\.{re.escape(name)}$"),
    ]


def _rights_of_subscriber(name: str, vhost: str) -> Entry:
    """Queues below its own name, which RabbitMQ lets it bind only if it may write them; no exchange of ours."""
    own = rf"{re.escape(name)}\..+"
    shared = "|".join(re.escape(each) for each in (EVENTS.name, STREAM.name))
    return _may(name, vhost, configure=f"^{own}$", write=f"^{own}$", read=f"^({own}|{shared})$")


def _policies(services: list[str], subscribers: list[str], vhost: str) -> Iterable[Entry]:
    yield _policy("services", vhost, _names(services, ""), {"delivery-limit": DELIVERIES})
    segments = {"max-age": f"{DAYS_OF_STREAM}D", "stream-max-segment-size-bytes": 50_000_000}
    yield _policy("stream", vhost, f"^{re.escape(STREAM.name)}$", segments)
    if subscribers:
        limits = {"max-length-bytes": SUBSCRIBER_BYTES, "overflow": "drop-head", "expires": DAYS_OF_STREAM * 86_400_000}
        yield _policy("subscribers", vhost, _names(subscribers, r"\..+"), limits)


def _user(name: str, password: str) -> Entry:
    """With the hash of its password only."""
    salt = secrets.token_bytes(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    tags = "administrator" if name == OPERATOR else ""
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }


def _may(user: str, vhost: str, *, configure: str, write: str, read: str) -> Entry:
    return {"user": user, "vhost": vhost, "configure": configure, "write": write, "read": read}


def _topic(user: str, vhost: str, exchange: str, *, write: str, read: str) -> Entry:
    return {"user": user, "vhost": vhost, "exchange": exchange, "write": write, "read": read}


def _exchange(name: str, vhost: str) -> Entry:
    kind = {"type": "topic", "durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": name, "vhost": vhost, **kind}


def _stream(vhost: str) -> Entry:
    arguments = STREAM.queue_arguments
    return {"name": STREAM.name, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": arguments}


def _everything_to_stream(vhost: str) -> Entry:
    road = {"source": EVENTS.name, "destination": STREAM.name, "destination_type": "queue", "routing_key": "#"}
    return {"vhost": vhost, "arguments": {}, **road}


def _policy(name: str, vhost: str, pattern: str, limits: Entry) -> Entry:
    return {
        "name": f"foyer-{name}",
        "vhost": vhost,
        "pattern": pattern,
        "apply-to": "queues",
        "priority": 0,
        "definition": limits,
    }


def _names(names: Iterable[str], rest: str) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)}){rest}$"


def _checked(subscriber: str) -> str:
    """A name that cannot be taken for a queue of ours."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,40}", subscriber) or subscriber in ("foyer", "amq", OPERATOR):
        raise ValueError(f"a subscriber cannot be called {subscriber!r}: lower-case letters, digits and dashes")
    return subscriber
