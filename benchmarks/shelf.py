"""What gunicorn serves while files are measured: documents, and a bare shelf that writes and reads a file."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson

from services.documents import CARD
from shared import telemetry
from shared.api.app import build
from shared.auth.tokens import Keys, Verifier
from shared.config import load
from shared.db import Database

PIECE = 1024 * 1024

config = load("documents")
telemetry.configure_logs(config.log_level)
keys = Keys(lambda: {"keys": [orjson.loads(config.secret("bench-public-key"))]})
documents = build(CARD, config, Database(config), Verifier(keys))
folder = os.environ["FOYER_FILES_FOLDER"] + "-bare"  # one for all workers
os.makedirs(folder, exist_ok=True)


def bare(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """`PUT /bare/file` keeps the body with its SHA-256, `GET /bare/file` gives it back."""
    path = os.path.join(folder, "file")
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Length", str(os.path.getsize(path)))])
        return _pieces(path)
    hashed = hashlib.sha256()
    with open(path, "wb") as file:
        while piece := environ["wsgi.input"].read(PIECE):
            hashed.update(piece)
            file.write(piece)
    body = hashed.hexdigest().encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def _pieces(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    chosen = bare if environ["PATH_INFO"].startswith("/bare/") else documents
    return chosen(environ, start_response)
