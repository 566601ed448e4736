"""A service's Flask application: its rooms' doors on the shared plumbing."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, Request, Response
from flask.json.provider import JSONProvider
from flask.sessions import NullSession, SessionInterface, SessionMixin
from flask_smorest import Api
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property

from shared import telemetry
from shared.api import health, json_schema, openapi, problems
from shared.api.frame import framed
from shared.api.platform import Platform, install
from shared.auth.sessions import EndedSessions
from shared.auth.tokens import Keys, Verifier, jwks_from
from shared.card import Card
from shared.config import Config
from shared.db import Database
from shared.proxies import trust_proxies

MOST_BYTES = 1_000_000


class Asked(Request):
    """A request whose body, if it is small, is read as the server hands it over: gunicorn ends it where it ends."""

    @cached_property
    def stream(self) -> Any:
        length = self.environ.get("CONTENT_LENGTH", "")
        if self.environ.get("wsgi.input_terminated") and length.isdecimal() and int(length) <= MOST_BYTES:
            return self.environ["wsgi.input"]
        return super().stream


class NoSessions(SessionInterface):
    """An API keeps nothing about the one who asks between two requests."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return self._none


class Application(Flask):
    """Flask, without the questions of each request whose answers are known: no function of the house is a coroutine,
    a service answers under any name and never builds an address of its own, and hardly a room has something to do
    around its requests."""

    request_class = Asked
    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        sent = request.environ
        path, method = sent["PATH_INFO"].encode("latin1").decode(errors="replace"), sent["REQUEST_METHOD"]
        return MapAdapter(self.url_map, "", "/", None, sent["wsgi.url_scheme"], path, method, sent["QUERY_STRING"])

    def preprocess_request(self) -> Any:
        return super().preprocess_request() if self.before_request_funcs else None

    def process_response(self, response: Response) -> Response:
        return super().process_response(response) if self.after_request_funcs else response

    def do_teardown_request(self, *args: Any) -> None:
        if self.teardown_request_funcs:
            super().do_teardown_request(*args)


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
    app = Application(card.package, static_folder=None)
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
    app.wsgi_app = framed(telemetry.measured(app.wsgi_app, card.name))  # type: ignore[assignment, method-assign]
    return app
