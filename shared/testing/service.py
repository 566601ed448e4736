"""One service under test: its migrated database, its HTTP door, what it emits and what is delivered to it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from shared.actor import Context
from shared.api.platform import Platform
from shared.auth.principal import CHAIN
from shared.auth.sessions import EndedSessions
from shared.card import card
from shared.config import Config, load
from shared.contracts.contract import Contract
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.envelope import Event, decode, encode
from shared.events.transport import Delivery, Outgoing
from shared.ids import new_id
from shared.migrations.run import upgrade
from shared.roles import reactions_of
from shared.testing.servers.postgres import Postgres
from shared.testing.tokens import KEY, token, verifier

Furnish = Callable[["ServiceUnderTest"], Any]
"""A function, called once per run of the tests, that gives a service the rows that tests of it begin with."""


IDLE: dict[str, list[Flask]] = {}
"""Applications that no test uses at the moment, by their service."""


class ReactionFailed(AssertionError):
    """A reaction to a delivered event did not run to its end; the message is its reason."""


class ServiceUnderTest:
    """The real service on a database of its own; only the broker and the directory are not there."""

    def __init__(self, name: str, config: Config, *, plain: bool = False) -> None:
        """`plain` is one without settings of its own: then its application is one that an earlier test is done with, on
        this test's database. To put an application together takes as long as a test."""
        self.card = card(name)
        self.config = config
        self.database = Database(config)
        self._idle = IDLE.setdefault(name, []) if plain else []
        self.app = self._idle.pop() if self._idle else import_module(f"services.{name}.app").create_app(config)
        own = Database(config)
        self.house = Platform(self.card, config, own, verifier(), EndedSessions(own))
        self.app.extensions["foyer"] = self.house

    def signed_in(
        self, *permissions: str, branches: Iterable[UUID | str] = (CHAIN,), language: str = "en", **who: Any
    ) -> "Caller":
        """A caller who holds these permissions, by default for the whole chain; `who` as in `tokens.token`."""
        return self.with_token(token(*permissions, branches=branches, **who), language)

    def with_token(self, access_token: str, language: str = "en") -> "Caller":
        return Caller(self.app.test_client(), {"Authorization": f"Bearer {access_token}", "Accept-Language": language})

    def anonymous(self, language: str = "en") -> "Caller":
        return Caller(self.app.test_client(), {"Accept-Language": language})

    def emitted(self, contract: Contract | None = None) -> list[Event]:
        """What the service has said so far, oldest first; of one type when it is named."""
        with self.database.reading() as connection:
            bodies = connection.execute(text("SELECT body FROM outbox ORDER BY position")).scalars().all()
        events = [decode(body) for body in bodies]
        return [event for event in events if contract is None or event.type == contract.type]

    def forget_emitted(self) -> None:
        """As if a relay had published everything."""
        with self.database.transaction() as session:
            session.execute(text("DELETE FROM outbox"))

    def deliver(
        self, contract: Contract, data: dict[str, Any] | None = None, *, subject: UUID | None = None, version: int = 1
    ) -> Event:
        """Hands an event to the service's reactions through its consumer and inbox; `data` is the contract's example
        with these members in place of its own. Raises ReactionFailed."""
        context = Context(actor=f"service:{contract.owner}", channel="api", correlation_id=str(new_id()))
        merged = {**contract.example, **(data or {})}
        _, body = encode(contract, subject=subject or new_id(), version=version, data=merged, context=context)
        self.deliver_body(body)
        return decode(body)

    def deliver_body(self, body: str) -> None:
        """The same with a body as it came over the wire, which a test may deliver twice."""
        consumer = Consumer(
            self.database, Hand([body]), reactions_of(self.card), service=self.card.name, retry_delays=(3600.0,)
        )
        consumer.step(0)
        with self.database.transaction() as session:
            failures = session.execute(text("DELETE FROM failures RETURNING reason")).scalars().all()
        if failures:
            raise ReactionFailed("; ".join(failures))

    def look_again(self) -> None:
        """As if a second had passed, after which a process looks anew which sessions have ended."""
        self.house.ended._looked = float("-inf")

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database holds, for what no door shows."""
        with self.database.reading() as connection:
            return [row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text(query), values)]

    def close(self) -> None:
        self.database.close()
        self.house.database.close()
        self._idle.append(self.app)


class Answer(TestResponse):
    """What the door answered."""

    json: Any


class Caller:
    """Somebody with a token, or nobody, at the service's HTTP door."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def get(self, path: str, **options: Any) -> Answer:
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, *, key: str | None = "", **options: Any) -> Answer:
        """`key` is the Idempotency-Key: a new one when none is named, no header for None."""
        return self.request("POST", path, json=json, key=str(new_id()) if key == "" else key, **options)

    def put(self, path: str, json: Any = None, *, version: int | str | None = "*", **options: Any) -> Answer:
        return self.request("PUT", path, json=json, version=version, **options)

    def patch(self, path: str, json: Any = None, *, version: int | str | None = "*", **options: Any) -> Answer:
        return self.request("PATCH", path, json=json, version=version, **options)

    def delete(self, path: str, *, version: int | str | None = "*", **options: Any) -> Answer:
        return self.request("DELETE", path, version=version, **options)

    def request(
        self, method: str, path: str, *, version: int | str | None = None, key: str | None = None, **options: Any
    ) -> Answer:
        """`version` is what If-Match names: a number, `*`, or None for no header; `key` is the Idempotency-Key."""
        headers = Headers({**self._headers, **options.pop("headers", {})})
        if version is not None:
            headers["If-Match"] = f'"{version}"' if isinstance(version, int) else version
        if key is not None:
            headers["Idempotency-Key"] = key
        return cast(Answer, self._client.open(path, method=method, headers=headers, **options))


class Hand:
    """A transport that gives the consumer what a test has in its hand, once."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._bodies = list(bodies)

    def declare(self, queue: str, types: Sequence[str], no_more: Iterable[str] = ()) -> None: ...

    def publish(self, batch: Sequence[Outgoing], waiting: Callable[[], object] = lambda: None) -> Sequence[UUID]:
        return ()

    def take(self, queue: str, limit: int, timeout: float) -> list[Delivery]:
        taken, self._bodies = self._bodies[:limit], self._bodies[limit:]
        return [Delivery(body.encode(), None) for body in taken]

    def settle(self, deliveries: Sequence[Delivery]) -> None: ...

    def rest(self) -> None: ...

    def history(self, from_start: bool) -> Iterator[bytes]:
        yield from ()

    def close(self) -> None: ...


def make_secrets(folder: Path) -> None:
    """The secrets that services read when they start."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "directory-signing-key").write_text(json.dumps(KEY.as_dict(private=True)))
    (folder / "web-cookie-key").write_text("k" * 43)
    (folder / "web-machine-secret").write_text("s" * 43)
    (folder / "sandbox-key").write_text("b" * 43)
    (folder / "gift-card-key").write_text("g" * 43)
    (folder / "suppression-key").write_text("u" * 43)


def services_on(postgres: Postgres, folder: Path) -> Iterator[Callable[..., ServiceUnderTest]]:
    """A function that makes a service by its name, on a copy of its migrated database.

    With `furnish`, what that did is copied too, so that no test waits for it; settings as FOYER_….
    """
    made: list[tuple[ServiceUnderTest, str]] = []
    make_secrets(folder / "secrets")

    def configured(name: str, url: str, settings: dict[str, str]) -> Config:
        environ = {"FOYER_DATABASE_URL": url, "FOYER_SECRETS": str(folder / "secrets"), "FOYER_POOL_SIZE": "5"}
        environ["FOYER_FILES_FOLDER"] = str(folder / "files")
        return load(name, environ | settings)

    def make(name: str, furnish: Furnish | None = None, **settings: str) -> ServiceUnderTest:
        def build(url: str) -> None:
            upgrade(configured(name, url, {}))
            if furnish:
                with closing(ServiceUnderTest(name, configured(name, url, settings))) as service:
                    furnish(service)

        furnished = f"_{furnish.__module__}_{furnish.__name__}".replace(".", "_") if furnish else ""
        template = postgres.template(f"{name}{furnished}"[-50:], build)
        database = postgres.new_database(template=template)
        config = configured(name, postgres.url(database), settings)
        service = ServiceUnderTest(name, config, plain=not settings)
        made.append((service, database))
        return service

    yield make
    for service, database in made:
        service.close()
        postgres.drop_database(database)
