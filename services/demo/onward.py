"""Hands requests on to another process of the installation, as the front door of a deployment does."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import urllib3

KEPT = ("Content-Type", "Cache-Control", "Content-Security-Policy", "Referrer-Policy", "Location")
"""What of an answer reaches the browser."""


class Onward:
    """The WSGI application. It takes no cookie along: what is behind it has nothing to do with who is signed in."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers = {
            "Accept-Language": environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            "Content-Type": environ.get("CONTENT_TYPE", ""),
        }
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            answer = self._http.request(
                environ["REQUEST_METHOD"], self._url + environ["PATH_INFO"], body=body, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"It does not answer at the moment."]
        kept = [(name, answer.headers[name]) for name in KEPT if name in answer.headers]
        start_response(f"{answer.status} {answer.reason}", [*kept, ("Content-Length", str(len(answer.data)))])
        return [answer.data]
