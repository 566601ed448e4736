"""The one way in which the console asks the services: HTTP, with the signed-in person's token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import structlog
from flask import current_app, g, has_request_context, request
from flask_babel import get_locale
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from services.web.portal.place import is_portal
from shared.actor import current

log = structlog.get_logger()

TIMEOUT_SECONDS = (2.0, 10.0)
"""To connect, and between two pieces of an answer."""
CONNECTIONS = 50
AWAY = (502, 503, 504)
MOST_PAGES = 25


class Unreachable(Exception):
    """A service does not answer, or says that it cannot at the moment. Trying again helps."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class SignedOut(Exception):
    """The person's session is over."""


@dataclass
class Refused(Exception):
    """A service said no, and why: its problem document."""

    status: int
    problem: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))

    @property
    def detail(self) -> str:
        return str(self.problem.get("detail", ""))

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.problem.get("errors") or {}


class Backend:
    """Pooled connections to the services. Keeps no cookie and reads no proxy or netrc from the machine."""

    def __init__(self, services: Mapping[str, str]) -> None:
        self._services = services
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # A kept connection may have been closed by the other side just now: safe methods try once more.
        again = Retry(total=1, backoff_factor=0, allowed_methods=("GET",), status=0)
        adapter = HTTPAdapter(pool_connections=8, pool_maxsize=CONNECTIONS, max_retries=again)
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)

    def send(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        token: str | None = None,
        version: str | None = None,
        key: str | None = None,
        content: bytes | None = None,
    ) -> Any:
        """What the service answers, decoded; None for an empty answer.

        Raises Unreachable, SignedOut, or Refused with the problem document.
        """
        url = f"{self._services[service]}/api/v1/{path}"
        try:
            answer = self._http.request(
                method,
                url,
                json=body,
                data=content,
                params=query,
                headers=_headers(token, version, key),
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            log.warning("service_unreachable", service_asked=service, reason=type(error).__name__)
            raise Unreachable(service) from error
        return _read(service, answer)

    def stream(
        self, service: str, path: str, asked: Mapping[str, str], query: Mapping[str, Any], token: str | None
    ) -> requests.Response:
        """An answer whose body is still to be read, by the caller. Raises as `send` does."""
        url, headers = f"{self._services[service]}/api/v1/{path}", _headers(token, None, None) | dict(asked)
        try:
            answer = self._http.get(url, params=query, headers=headers, timeout=TIMEOUT_SECONDS, stream=True)
        except requests.RequestException as error:
            log.warning("service_unreachable", service_asked=service, reason=type(error).__name__)
            raise Unreachable(service) from error
        if not answer.ok:
            _read(service, answer)
        return answer


def _headers(token: str | None, version: str | None, key: str | None) -> dict[str, str]:
    context = current()
    headers = {
        "X-Foyer-Channel": "console",
        "X-Request-ID": context.correlation_id,
        "traceparent": context.traceparent or "",
        "Accept-Language": str(get_locale() or "en"),
    }
    if has_request_context() and request.remote_addr:
        headers["X-Forwarded-For"] = (
            request.remote_addr
        )  # attempts to sign in count for the person, not for the console
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if version:
        headers["If-Match"] = version if version == "*" else f'"{version}"'
    if key:
        headers["Idempotency-Key"] = key
    return headers


def _read(service: str, answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else None
    problem = _problem(answer)
    if answer.status_code in AWAY or answer.status_code == 500:
        log.warning("service_failed", service_asked=service, status=answer.status_code, id=problem.get("request_id"))
        raise Unreachable(service)
    if answer.status_code == 401 and problem.get("code") != "wrong_credentials":
        raise SignedOut
    raise Refused(answer.status_code, problem)


def _problem(answer: requests.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def ask(service: str, path: str, **query: Any) -> Any:
    """Reads as the signed-in person. What is None or empty in the query is left out."""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return _as_person(lambda token: _backend().send("GET", service, path, query=asked, token=token))


def tell(
    method: str,
    service: str,
    path: str,
    body: Any = None,
    *,
    version: str | None = None,
    key: str | None = None,
    **query: Any,
) -> Any:
    """Changes something as the signed-in person.

    `version` is the one they have seen. `key` names this try at something that moves money: `Form.key`.
    """
    options: dict[str, Any] = {"query": query or None, "version": version, "key": key}
    return _as_person(lambda token: _backend().send(method, service, path, body, token=token, **options))


def send_bytes(service: str, path: str, content: bytes) -> Any:
    """Sends bytes as they are, such as a picture, as the signed-in person."""
    return _as_person(lambda token: _backend().send("POST", service, path, token=token, content=content))


def send_open(method: str, service: str, path: str, body: Any = None, *, version: str | None = None) -> Any:
    """Asks or tells what a service lets everybody ask and tell, as nobody."""
    return _backend().send(method, service, path, body, version=version)


def stream(service: str, path: str, asked: Mapping[str, str], query: Mapping[str, Any]) -> requests.Response:
    """A file, read as the signed-in person: its body is still to come. `asked` are headers such as Range."""
    found: requests.Response = _as_person(lambda token: _backend().stream(service, path, asked, query, token))
    return found


def stream_open(service: str, path: str, asked: Mapping[str, str]) -> requests.Response:
    """A file that a service lets everybody read, as nobody."""
    return _backend().stream(service, path, asked, {}, None)


def everything(service: str, path: str, **query: Any) -> list[Any]:
    """All items of a short list, such as the branches: at most 5,000."""
    found: list[Any] = []
    cursor = None
    for _ in range(MOST_PAGES):
        page = ask(service, path, limit=200, cursor=cursor, **query)
        found += page["items"]
        cursor = page.get("next_cursor")
        if not cursor:
            break
    return found


def all_of_client(service: str, path: str, client_id: str, **query: Any) -> list[Any]:
    """What a service holds of a client: nothing while it has not heard of them yet, moments after they registered."""
    try:
        return everything(service, path, client_id=client_id, **query)
    except Refused as refused:
        if refused.status == 404:
            return []
        raise


def _as_person(send: Callable[[str], Any]) -> Any:
    """With the person's token; a token that was refused is renewed once, since its session may well live on."""
    tokens = current_app.extensions["foyer-client-tokens" if is_portal() else "foyer-tokens"]
    try:
        return send(tokens.of(g.person))
    except SignedOut:
        tokens.forget(g.person)
        return send(tokens.of(g.person))


def _backend() -> Backend:
    found: Backend = current_app.extensions["foyer-backend"]
    return found
