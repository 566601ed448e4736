"""The tokens of clients: like those of staff, but the console's own machine opens and renews their sessions."""

from typing import Any

from services.web.backend import SignedOut
from services.web.session.tokens import EARLY_SECONDS, MACHINE, Person, Token, Tokens
from shared import clock


class ClientTokens(Tokens):
    def as_machine(self, path: str, body: dict[str, Any]) -> Any:
        """Asks a service, which is the beginning of the path, as the console itself. A token that was refused is
        renewed once."""
        service = path.partition("/")[0]
        try:
            return self._backend.send("POST", service, path, body, token=self._machines().text)
        except SignedOut:
            self._known.pop(MACHINE, None)
            return self._backend.send("POST", service, path, body, token=self._machines().text)

    def let_in(self, answer: dict[str, Any]) -> str:
        """The means of renewal of a session that a link has opened; its first token is kept."""
        renewal = str(answer["refresh_token"])
        self._remember(renewal, answer)
        return renewal

    def end(self, person: Person) -> None:
        self._backend.send("DELETE", "directory", "directory/client-sessions/current", token=self.of(person))
        self.forget(person)

    def _renew(self, person: Person) -> Token:
        try:
            answer = self.as_machine("directory/client-sessions/renewal", {"refresh_token": person.renewal})
        except SignedOut:
            self.forget(person)
            raise
        return self._remember(person.renewal, answer)

    def _machines(self) -> Token:
        known = self._known.get(MACHINE)
        if known and known.expires - EARLY_SECONDS > clock.monotonic():
            return known
        return self._remember(MACHINE, self._ask(grant_type="client_credentials"))
