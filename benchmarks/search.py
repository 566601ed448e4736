"""Search over HTTP in a million clients, against the same search without HTTP: our function on a connection."""

import random
from collections.abc import Callable
from statistics import quantiles
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import text

from benchmarks import load
from benchmarks.http import Bench
from benchmarks.people import People
from benchmarks.report import Line
from services.clients.imports.bulk import copy_rows
from services.clients.lists.models import INITIAL_STATUS
from services.clients.profiles.client import Client, new_client
from services.clients.profiles.rows import COLUMNS, JSON
from services.clients.profiles.search_text import search_keys, search_text
from services.clients.search.finder import find
from shared import clock
from shared.db import Database, to_json
from shared.ids import new_id

CLIENTS = 1_000_000
BATCH = 10_000
ASKED = 150
SHOWN = "first_name, last_name, phones, emails"
NO_FILTER = {"branch_id": None, "status_id": None, "tag_id": None, "within": None}
MORE_THAN_BARE_MS = 10.0
WITH_ERROR = 1.3


def fill(database: Database) -> None:
    """A million clients and their search keys, by COPY; without events and audit, which no search reads."""
    people = People()
    for start in range(0, CLIENTS, BATCH):
        clients = [new_client(new_id(), one, INITIAL_STATUS) for one in people.details(BATCH, start)]
        with database.transaction() as session:
            copy_rows(session, "clients", COLUMNS, map(_row, clients))
            keys = ((key, client["id"]) for client in clients for key in search_keys(client))
            copy_rows(session, "search_keys", ("key", "client_id"), keys)
    with psycopg.connect(database.url, autocommit=True) as session:
        session.execute("VACUUM ANALYZE")


def _row(client: Client) -> list[Any]:
    values = {**client, "search_text": search_text(client)}
    return [to_json(values[name]) if name in JSON and values[name] is not None else values[name] for name in COLUMNS]


def run(bench: Bench, database: Database) -> list[Line]:
    chance = random.Random(3)
    with database.reading() as connection:
        sample = text(f"SELECT {SHOWN} FROM clients TABLESAMPLE bernoulli(0.05) REPEATABLE (5)")
        rows = [dict(row) for row in connection.execute(sample).mappings()]
    chance.shuffle(rows)
    kinds: dict[str, Callable[[dict[str, Any]], str]] = {
        "surname, 3 letters": lambda row: _surname(row)[:3],
        "surname, 5 letters": lambda row: _surname(row)[:5],
        "phone, last 6 digits": lambda row: row["phones"][0]["number"][-6:],
        "e-mail, beginning": lambda row: row["emails"][0]["address"].split("@")[0] + "@",
        "two words": lambda row: f"{row['first_name']} {_surname(row)}",
        "typing error": lambda row: f"{row['first_name']} {_mistyped(_surname(row), chance)}",
    }
    return [_measure(kind, [type_(row) for row in rows[:ASKED]], bench, database) for kind, type_ in kinds.items()]


def _surname(row: dict[str, Any]) -> str:
    return str(row["last_name"]).split()[0]


def _mistyped(word: str, chance: random.Random) -> str:
    """One letter wrong, in the middle."""
    at = chance.randrange(1, max(2, len(word) - 1))
    return word[:at] + chance.choice("aeiourstl") + word[at + 1 :]


def _measure(kind: str, typed: list[str], bench: Bench, database: Database) -> Line:
    headers = {"Authorization": f"Bearer {bench.token}"}
    bare, ours = [], []
    with database.reading() as connection:
        for words in typed:
            began = clock.monotonic()
            find(connection, words, NO_FILTER, offset=0, limit=21)
            bare.append((clock.monotonic() - began) * 1000)
            asked = load.request("GET", f"/api/v1/clients?limit=20&search={quote(words)}", headers)
            ours.append(load.once(bench.port, asked) * 1000)
    a, b = _p95(ours), _p95(bare)
    reached = a <= b * WITH_ERROR if kind == "typing error" else a <= b + MORE_THAN_BARE_MS
    reach = "<= 1.3 times" if kind == "typing error" else "<= limit + 10 ms"
    return Line(f"search, {kind}, p95", a, b, reach, "ms", reached)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]
