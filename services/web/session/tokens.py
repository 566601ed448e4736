"""The tokens of signed-in people: asked of the directory, kept in this process's memory, renewed before they expire."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from services.web.backend import Backend, Refused, SignedOut
from shared import clock

MACHINE = "web"
"""The name under which the console itself signs in, to open and renew people's sessions."""
EARLY_SECONDS = 30.0
REMEMBERED = 10_000


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the session cookie says it."""

    id: str
    username: str
    name: str
    renewal: str
    branch_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    text: str
    expires: float

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says. Not verified here: it came straight from the directory."""
        middle = self.text.split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return found

    @property
    def permissions(self) -> frozenset[str]:
        """What the person may do anywhere. For what to show; the services decide what is done."""
        return frozenset(name for _, names in self.claims.get("grants", []) for name in names)


class Tokens:
    def __init__(self, backend: Backend, secret: str) -> None:
        self._backend = backend
        self._machine = {"client_id": MACHINE, "client_secret": secret}
        self._known: dict[str, Token] = {}

    def sign_in(self, username: str, password: str, address: str) -> tuple[str, Token]:
        """A session's means of renewal and its first token. Raises Refused for a wrong name or password."""
        answer = self._ask(grant_type="password", username=username, password=password, address=address)
        renewal = str(answer["refresh_token"])
        return renewal, self._remember(renewal, answer)

    def sign_in_with_code(self, code: str, state: str) -> tuple[str, Token]:
        """The same for who comes back from the chain's identity provider. Raises Refused when it does not vouch for
        them, or they do not work here."""
        answer = self._ask(grant_type="authorization_code", code=code, state=state)
        renewal = str(answer["refresh_token"])
        return renewal, self._remember(renewal, answer)

    def authorization(self) -> tuple[str, str]:
        """Where to send a person who signs in at the chain's identity provider, and the state they must come back with.

        Raises Refused where there is no provider, Unreachable when it or the directory does not answer.
        """
        token = self._remember(MACHINE, self._ask(grant_type="client_credentials"))
        answer = self._backend.send("GET", "directory", "directory/oidc/authorization", token=token.text)
        return answer["authorization_url"], answer["state"]

    def of(self, person: Person | None) -> str:
        """The person's token, good for a while. Raises SignedOut when their session is over."""
        return self.token(person).text

    def token(self, person: Person | None) -> Token:
        if person is None:
            raise SignedOut
        known = self._known.get(person.renewal)
        if known and known.expires - EARLY_SECONDS > clock.monotonic():
            return known
        return self._renew(person)

    def forget(self, person: Person | None) -> None:
        """After a service refused the token: the next one is a new one."""
        if person:
            self._known.pop(person.renewal, None)

    def end(self, person: Person) -> None:
        """Ends the session at the directory, so that its tokens are refused everywhere."""
        self._backend.send("DELETE", "directory", "directory/sessions/current", token=self.of(person))
        self.forget(person)

    def _renew(self, person: Person) -> Token:
        try:
            answer = self._ask(grant_type="refresh_token", refresh_token=person.renewal)
        except Refused as error:
            self.forget(person)
            raise SignedOut from error
        return self._remember(person.renewal, answer)

    def _ask(self, **sent: str) -> dict[str, Any]:
        found: dict[str, Any] = self._backend.send("POST", "directory", "directory/tokens", {**sent, **self._machine})
        return found

    def _remember(self, renewal: str, answer: dict[str, Any]) -> Token:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        token = Token(answer["access_token"], clock.monotonic() + float(answer["expires_in"]))
        self._known[renewal] = token
        return token
