"""`Door`: a blueprint on which no route can be written without saying who may use it."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, wraps
from typing import Any, NoReturn, cast

import orjson
from flask import Request, request
from flask.globals import app_ctx, request_ctx
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.http import parse_options_header

from shared.actor import bind, current
from shared.api.idempotency import IDEMPOTENCY_KEY, once
from shared.api.platform import platform
from shared.api.problems import Refused
from shared.api.versions import Ready
from shared.auth.principal import Principal
from shared.auth.tokens import REFUSED
from shared.errors import Invalid, Unauthenticated
from shared.words import Words

PUBLIC = "public"
"""`needs=PUBLIC`: nobody has to be signed in."""
ANYONE = "anyone"
"""`needs=ANYONE`: whoever is signed in."""
CLIENT = "client"
"""`needs=CLIENT`: a client in the portal. Such a route reaches what belongs to `principal().id`, and takes no client's
id from anybody. A client's token holds no permission, so that no other route lets it in."""

INVALID = Words("Some of what was sent is not right.")


class QueryParser(FlaskParser):
    """Takes no parameter that is unknown, and says what is wrong as our own errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> NoReturn:
        messages: Any = error.messages
        raise Invalid(INVALID, fields=_by_field(messages["query"])) from error


def read_body(shape: Schema, asked: Request) -> Any:
    """What a request brings as JSON, by orjson, which refuses deep nesting. Raises Invalid and Refused."""
    if _media_type(asked.environ.get("CONTENT_TYPE", "")) != "application/json":
        raise Refused(415)
    try:
        body = orjson.loads(asked.get_data(cache=True))
    except orjson.JSONDecodeError as error:
        raise Refused(400, Words("The body is not JSON, or is nested too deep.").format()) from error
    try:
        return shape.load(body)
    except ValidationError as error:
        raise Invalid(INVALID, fields=_by_field(error.messages)) from error


@lru_cache(100)
def _media_type(content_type: str) -> str:
    return parse_options_header(content_type)[0].lower()


def _by_field(messages: Any) -> dict[str, Any]:
    """marshmallow's messages, each under the name of what it is about."""
    found = _plain(messages)
    return found if isinstance(found, dict) else {"body": found}


def _plain(messages: Any) -> Any:
    """What is wrong with an object as a whole stands in its own place, and not under `_schema`; in words of ours."""
    if isinstance(messages, list):
        return [message.format() if isinstance(message, Words) else message for message in messages]
    if not isinstance(messages, dict):
        return messages
    return _plain(messages["_schema"]) if "_schema" in messages else {k: _plain(v) for k, v in messages.items()}


class Door(Blueprint):
    """The routes of one room."""

    ARGUMENTS_PARSER = QueryParser()

    def arguments(self, schema: type[Schema], *, location: str = "json") -> Callable[[Any], Any]:
        """Like smorest's, with the schema made once: to make one takes longer than to load with it."""
        made = schema()
        documented = super().arguments(made, location=location)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def given(*args: Any, **kwargs: Any) -> Any:
                asked = request_ctx.request
                if location == "json":
                    return view(*args, read_body(made, asked), **kwargs)
                return view(*args, self.ARGUMENTS_PARSER.parse(made, asked, location=location), **kwargs)

            return _noted(given, documented)

        return decorate

    def response(self, status: Any, schema: Any = None, **options: Any) -> Callable[[Any], Any]:
        """Like smorest's; what is `ready` passes as it is."""
        documented = super().response(status, schema, **options)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            dumped = documented(lambda said: said)

            @wraps(view)
            def shaped(*args: Any, **kwargs: Any) -> Any:
                said = view(*args, **kwargs)
                return said if isinstance(said, Ready) else dumped(said)

            return _noted(shaped, documented)

        return decorate

    @staticmethod
    def doc(**kwargs: Any) -> Callable[[Any], Any]:
        """Like smorest's; it puts nothing around the view."""
        return lambda view: _noted(view, Blueprint.doc(**kwargs))

    def get(self, rule: str, *, needs: str, **options: Any) -> Callable[[Any], Any]:
        return self._route("GET", rule, needs, options)

    def post(self, rule: str, *, needs: str, idempotent: bool = False, **options: Any) -> Callable[[Any], Any]:
        """`idempotent=True` for what moves money: it then takes an Idempotency-Key, always (`shared.api.idempotency`).

        All that the view does is one transaction, which `transaction()` and `reading()` join.
        """
        return self._route("POST", rule, needs, options, idempotent)

    def put(self, rule: str, *, needs: str, idempotent: bool = False, **options: Any) -> Callable[[Any], Any]:
        return self._route("PUT", rule, needs, options, idempotent)

    def patch(self, rule: str, *, needs: str, idempotent: bool = False, **options: Any) -> Callable[[Any], Any]:
        return self._route("PATCH", rule, needs, options, idempotent)

    def delete(self, rule: str, *, needs: str, **options: Any) -> Callable[[Any], Any]:
        return self._route("DELETE", rule, needs, options)

    def _route(
        self, method: str, rule: str, needs: str, options: dict[str, Any], idempotent: bool = False
    ) -> Callable[[Any], Any]:
        assert not (idempotent and needs == PUBLIC), "a key belongs to somebody"
        # smorest would give them to every method of the path.
        parameters = [*options.pop("parameters", ()), *([IDEMPOTENCY_KEY] if idempotent else ())]

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            answer = once(view) if idempotent else view

            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                admit(needs)
                return answer(*args, **kwargs)

            guarded.needs = needs  # type: ignore[attr-defined]
            guarded.parameters = parameters  # type: ignore[attr-defined]
            self.route(rule, methods=[method], **options)(guarded)
            return guarded

        return register


def _noted(view: Callable[..., Any], documented: Callable[[Any], Any]) -> Callable[..., Any]:
    """The view itself with what smorest's decorator notes for the document, and without its layer around each call."""
    view._apidoc = documented(view)._apidoc  # type: ignore[attr-defined]
    return view


def admit(needs: str) -> None:
    """Lets the one who asks in, or raises Unauthenticated or Forbidden."""
    if needs == PUBLIC:
        return
    who = principal()
    if needs == CLIENT:
        who.must_be_client()
    elif needs != ANYONE:
        who.must(needs)


def principal() -> Principal:
    """Who asks; what this request does from here on is done by them. Raises Unauthenticated without a good token."""
    kept = app_ctx.g
    if (known := kept.get("principal")) is not None:
        return cast(Principal, known)
    token = bearer()
    if token is None:
        raise Unauthenticated(REFUSED)
    house = platform()
    who = house.verifier.verify(token)
    if house.ended.has(who.session_id):
        raise Unauthenticated(REFUSED)
    kept.principal = who
    bind(replace(current(), actor=who.actor, channel=_channel(who)))
    return who


def _channel(who: Principal) -> str:
    """Where this is done from. Staff may be on the console or use the API; the rest is plain from who they are."""
    if who.kind == "client":
        return "portal"
    return "console" if who.kind == "staff" and request.environ.get("HTTP_X_FOYER_CHANNEL") == "console" else "api"


def bearer() -> str | None:
    """The token of this request."""
    kind, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token else None
