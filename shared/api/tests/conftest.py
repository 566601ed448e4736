"""A shop with a till: the real plumbing of HTTP, on a database with the shared tables and two of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest

from shared.api.app import build
from shared.api.tests.shop import CARD
from shared.config import load
from shared.db import Database
from shared.ids import new_id
from shared.testing.platform_database import new_platform_database
from shared.testing.service import Answer, Caller
from shared.testing.tokens import token, verifier

TILL, OTHER_TILL = UUID(int=1), UUID(int=2)


@dataclass
class Shop:
    url: str
    database: Database
    app: Any

    def clerk(self, **who: Any) -> Caller:
        return Caller(self.app.test_client(), {"Authorization": f"Bearer {token('clients.write', **who)}"})

    def ask(self, question: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.url) as session:
            return [row[0] for row in session.execute(question, values).fetchall()]

    def payments(self) -> list[int]:
        """The amounts that were taken, in order."""
        return self.ask("SELECT amount FROM payments ORDER BY id")

    def waiting(self) -> list[int]:
        """The sessions that wait for a row of the till."""
        return self.ask(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND query ~ '^UPDATE tills' AND wait_event_type = 'Lock'"
        )


@pytest.fixture
def shop(postgres, tmp_path) -> Iterator[Shop]:
    url = new_platform_database(postgres)
    with psycopg.connect(url) as session:
        session.execute("CREATE TABLE tills (id uuid PRIMARY KEY, taken bigint NOT NULL)")
        session.execute("CREATE TABLE payments (id uuid PRIMARY KEY, till_id uuid REFERENCES tills, amount bigint)")
        session.execute("INSERT INTO tills VALUES (%s, 0), (%s, 0)", (TILL, OTHER_TILL))
    config = load("clients", {"FOYER_DATABASE_URL": url, "FOYER_POOL_SIZE": "2"})
    database = Database(config)
    yield Shop(url, database, build(CARD, config, database, verifier()))
    database.close()
    postgres.drop_database(urlsplit(url).path.lstrip("/"))


@pytest.fixture
def pay(shop) -> Callable[..., Answer]:
    """A function that pays into the till, by default under a key of its own."""
    clerk = shop.clerk()

    def one(amount: Any, key: str | None = "", till: UUID = TILL, by: Caller = clerk, **options: Any) -> Answer:
        key = str(new_id()) if key == "" else key
        return by.post(f"/api/v1/shop/tills/{till}/payments", {"amount": amount}, key=key, **options)

    return one
