"""The sandbox over HTTP: one process, whose one thread is the only one to write into its book."""

import socket
import threading
from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Any

import orjson
from gevent.pywsgi import WSGIHandler, WSGIServer

from services.memberships.gateways.sandbox import pages, wire
from services.memberships.gateways.sandbox.book import Book

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

MOST_BYTES = 100_000
DROP = "sandbox.drop"
STATUS = {200: "200 OK", 303: "303 See Other", 400: "400 Bad Request", 401: "401 Unauthorized", 404: "404 Not Found"}


class Sandbox:
    """The WSGI application. `delay` is how long a bank takes, `slow` how long the slow card's does, in seconds."""

    def __init__(self, book: Book, key: str, *, delay: float = 0.0, slow: float = 30.0) -> None:
        self.book, self.delay, self.slow = book, delay, slow
        self._authorization = f"Bearer {key}".encode()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith("/sandbox/"):
            status, headers, body = pages.answer(self.book, environ, _body(environ))
        else:
            status, found = self._api(environ, environ["REQUEST_METHOD"], path)
            headers, body = [("Content-Type", "application/json")], orjson.dumps(found)
        start_response(STATUS[status], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _api(self, environ: Environ, method: str, path: str) -> tuple[int, Any]:
        if path in ("/healthz", "/readyz"):
            return 200, {"status": "ok"}
        if not compare_digest(environ.get("HTTP_AUTHORIZATION", "").encode(), self._authorization):
            return 401, {"code": "key_not_known"}
        try:
            body = orjson.loads(_body(environ) or b"{}")
        except orjson.JSONDecodeError:
            return 400, {"code": "malformed"}
        if not path.endswith("/confirm"):
            return wire.answer(self.book, method, path, body)
        return self._confirm(environ, path)

    def _confirm(self, environ: Environ, path: str) -> tuple[int, Any]:
        """As `wire` says, with the weather between here and the bank."""
        name = path.split("/")[3]
        status, found = wire.answer(self.book, "GET", f"/v1/payments/{name}", {})
        if status != 200:
            return status, found
        test = self.book.behaviour(name)
        if test.slow and self.book.begin(name):
            _pass(self.slow)
        _pass(self.delay)
        answer = wire.answer(self.book, "POST", path, {})
        if test.loses_answer:
            environ[DROP]()
        return answer


class Handler(WSGIHandler):
    """Lets the application drop the connection, as a network does."""

    def get_environ(self) -> Environ:
        environ: Environ = super().get_environ()
        environ[DROP] = lambda: self.socket.shutdown(socket.SHUT_RDWR)
        return environ


def serve(app: Sandbox, listener: socket.socket) -> WSGIServer:
    """A server that has begun to serve."""
    server = WSGIServer(listener, app, handler_class=Handler, log=None)
    server.start()
    return server


def _body(environ: Environ) -> bytes:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), MOST_BYTES)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _pass(seconds: float) -> None:
    if seconds:
        threading.Event().wait(seconds)
