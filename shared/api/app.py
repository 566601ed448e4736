"""A service's Flask application: its rooms' doors on the shared plumbing."""

import re
import secrets
from functools import lru_cache
from typing import Any

import orjson
from flask import Flask, Response, request
from flask.json.provider import JSONProvider
from flask_smorest import Api
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from shared import telemetry
from shared.actor import Context, bind, current
from shared.api import health, json_schema, openapi, problems
from shared.api.platform import Platform, install
from shared.auth.sessions import EndedSessions
from shared.auth.tokens import Keys, Verifier, jwks_from
from shared.card import Card
from shared.config import Config
from shared.db import Database
from shared.proxies import trust_proxies
from shared.words import LANGUAGES, speak

MOST_BYTES = 1_000_000
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Orjson(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = args[0] if args else kwargs
        return Response(orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE), mimetype="application/json")


def build(card: Card, config: Config, database: Database, verifier: Verifier | None = None) -> Flask:
    """The application of one service. It opens no connection before the first request."""
    app = Flask(card.package, static_folder=None)
    app.json = Orjson(app)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        API_TITLE=f"Foyer {card.name}",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        PROPAGATE_EXCEPTIONS=False,
    )
    trust_proxies(app, config.proxies)
    verifier = verifier or Verifier(Keys(jwks_from(config.directory_url)))
    install(app, Platform(card, config, database, verifier, EndedSessions(database)))
    app.url_map.merge_slashes = False  # a redirect is no answer that an API gives
    api = Api(app)
    json_schema.teach(api)
    problems.register(app)
    for module in card.modules("api"):
        api.register_blueprint(module.door)
    openapi.register(app, api, card)
    health.register(app)
    app.before_request(_begin)
    telemetry.measure(app, card.name)
    app.after_request(_end)
    return app


def _begin() -> None:
    """Binds who asks, for the time being nobody, and under which ids; the door fills in the person."""
    sent = request.environ
    trace = TRACEPARENT.fullmatch(sent.get("HTTP_TRACEPARENT", ""))
    given = sent.get("HTTP_X_REQUEST_ID", "")
    traceparent = trace[0] if trace else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    bind(
        Context(
            actor="service:nobody",
            channel="api",
            correlation_id=given if REQUEST_ID.fullmatch(given) else traceparent[3:35],
            traceparent=traceparent,
        )
    )
    speak(_best_language(sent.get("HTTP_ACCEPT_LANGUAGE", "")))


@lru_cache(1000)
def _best_language(accepted: str) -> str:
    """The language of ours that fits an Accept-Language header best. A browser sends the same one each time."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or "en"


def _end(answer: Response) -> Response:
    """What every answer carries. No header of CORS is among it: pages of other sites cannot read what we answer."""
    answer.headers.extend((("X-Request-ID", current().correlation_id), *ALWAYS))
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
