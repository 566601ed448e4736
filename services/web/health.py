"""`/healthz`, `/readyz`, `/metrics`. The console is ready as soon as it runs: what is down shows in its own place."""

from flask import Flask, Response
from prometheus_client import generate_latest

from shared.telemetry import CONTENT_TYPE, for_scrapers_only


def register(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: Response("ready\n", mimetype="text/plain"))
    app.add_url_rule("/metrics", "metrics", metrics)


def metrics() -> Response:
    for_scrapers_only()
    return Response(generate_latest(), mimetype=CONTENT_TYPE)
