"""What gunicorn serves while it is measured: the clients service and the bare limits, side by side in one process."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from benchmarks.bare import Bare
from services.clients import CARD
from shared import loaded, telemetry
from shared.api.app import build
from shared.auth.tokens import Keys, Verifier
from shared.config import load
from shared.db import Database

config = load("clients")
telemetry.configure_logs(config.log_level)
database = Database(config)
clients = build(CARD, config, database, Verifier(Keys(lambda: {"keys": [config_key()]})))
bare = Bare(database.url)
loaded.keep()  # as in `shared.serving`


def config_key() -> dict[str, Any]:
    import orjson

    key: dict[str, Any] = orjson.loads(config.secret("bench-public-key"))
    return key


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    chosen = bare if environ["PATH_INFO"].startswith("/bare/") else clients
    return chosen(environ, start_response)
