"""`/healthz`: the process is alive. `/readyz`: the database answers, with a schema that suits the code.

The broker is no part of it: the API takes writes while RabbitMQ is down.
"""

from flask import Flask, Response

from shared.api.platform import platform
from shared.migrations.revisions import missing
from shared.service_state import exposition
from shared.telemetry import CONTENT_TYPE, for_scrapers_only


def register(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)


def readyz() -> Response:
    house = platform()
    with house.database.reading() as connection:
        lacks = missing(house.card.name, connection)
    return Response(f"{lacks or 'ready'}\n", 503 if lacks else 200, mimetype="text/plain")


def metrics() -> Response:
    for_scrapers_only()
    house = platform()
    return Response(exposition(house.card.name, house.database), mimetype=CONTENT_TYPE)
