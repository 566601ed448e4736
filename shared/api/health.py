"""`/healthz`: the process is alive. `/readyz`: the database answers and its schema is the one the code knows.

The broker is no part of it: the API takes writes while RabbitMQ is down.
"""

from functools import cache

from flask import Flask, Response

from shared import telemetry
from shared.api.platform import platform
from shared.migrations.run import current_revision, head


def register(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)


def readyz() -> Response:
    house = platform()
    with house.database.reading() as connection:
        found = current_revision(connection)
    if found != newest(house.card.name):
        return Response(f"schema {found}, waiting for {newest(house.card.name)}\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@cache
def newest(service: str) -> str:
    return head(service)


def metrics() -> Response:
    house = platform()
    return Response(telemetry.exposition(house.card.name, house.database), mimetype=telemetry.CONTENT_TYPE)
