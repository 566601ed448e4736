"""What gunicorn serves while the question is measured: the notifications service and a bare select, side by side.

The bare select reads the same facts of one client by bare psycopg, without any of our code.
"""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson

from benchmarks import bare
from services.notifications import CARD
from shared import telemetry
from shared.api.app import build
from shared.auth.tokens import Keys, Verifier
from shared.config import load
from shared.db import Database

FACTS = """
    SELECT c.id, c.archived, c.erased_at, p.address, p.address_hash, p.zones, s.reason, f.is_on, k.given_at,
           b.time_zone, chain.settings AS of_chain, own.settings AS of_branch
    FROM clients c
    LEFT JOIN contact_points p ON p.client_id = c.id AND p.channel = %s AND p.rank = 0
    LEFT JOIN suppressions s ON s.channel = p.channel AND s.address_hash = p.address_hash AND s.lifted_at IS NULL
    LEFT JOIN preferences f ON f.client_id = c.id AND f.kind = %s AND f.channel = p.channel
    LEFT JOIN consents k ON k.client_id = c.id AND k.channel = p.channel AND k.address_hash = p.address_hash
    LEFT JOIN branches b ON b.id = c.preferred_branch_id
    LEFT JOIN settings chain ON chain.branch_id IS NULL
    LEFT JOIN settings own ON own.branch_id = c.preferred_branch_id
    WHERE c.id = %s
"""


class Facts(bare.Bare):
    def facts(self, name: str, sent: dict[str, Any]) -> bytes:
        with self._connection() as session:
            session.autocommit = True
            row = session.execute(FACTS, (sent["channel"], sent["kind"], name)).fetchone()
            session.autocommit = False
        return orjson.dumps(row)


config = load("notifications")
telemetry.configure_logs(config.log_level)
database = Database(config)
keys = Keys(lambda: {"keys": [orjson.loads(config.secret("bench-public-key"))]})
notifications = build(CARD, config, database, Verifier(keys))
facts = Facts(database.url)


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    chosen = facts if environ["PATH_INFO"].startswith("/bare/") else notifications
    return chosen(environ, start_response)
