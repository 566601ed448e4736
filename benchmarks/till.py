"""What gunicorn serves while redemptions are measured: the memberships service and a bare till, side by side.

The bare till writes the rows of a redemption by bare psycopg, a statement for each, without any of our code.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson

from benchmarks import bare
from services.memberships import CARD
from shared import telemetry
from shared.api.app import build
from shared.auth.tokens import Keys, Verifier
from shared.config import load
from shared.db import Database

MOVE = (
    "INSERT INTO gift_card_movements (id, gift_card_id, kind, amount, balance, branch_id, reference, actor, at)"
    " VALUES (%s, %s, 'redeemed', %s, %s, %s, %s, 'staff:x', %s)"
)
KEEP = (
    "INSERT INTO idempotency_keys (principal, route, key, body_hash, status, headers, answer, at)"
    " VALUES ('staff:x', %s, %s, %s, 201, '{}', %s, %s)"
)


class Till(bare.Bare):
    def redeem(self, name: str, sent: dict[str, Any]) -> bytes:
        now = datetime.now(UTC)
        with self._connection() as session:
            card = session.execute("SELECT * FROM gift_cards WHERE id = %s FOR UPDATE", (name,)).fetchone()
            assert card
            left = card["balance"] - sent["amount"]
            session.execute("UPDATE gift_cards SET balance = %s, version = version + 1 WHERE id = %s", (left, name))
            moved = (uuid4(), name, -sent["amount"], left, card["branch_id"], sent["reference"], now)
            session.execute(MOVE, moved)
            self._record(session, name)
            answer = orjson.dumps({"id": moved[0], "balance": left, **sent})
            session.execute(KEEP, (f"POST /{name}", sent["reference"], b"x" * 32, answer, now))
            session.commit()
        return answer


config = load("memberships")
telemetry.configure_logs(config.log_level)
database = Database(config)
keys = Keys(lambda: {"keys": [orjson.loads(config.secret("bench-public-key"))]})
memberships = build(CARD, config, database, Verifier(keys))
till = Till(database.url)


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    chosen = till if environ["PATH_INFO"].startswith("/bare/") else memberships
    return chosen(environ, start_response)
