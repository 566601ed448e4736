"""Tokens: JWTs of five minutes that the directory signs with Ed25519 and every service verifies by its JWKS."""

from collections.abc import Callable
from typing import Any

import requests
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared import clock
from shared.auth.principal import Principal, from_claims
from shared.errors import Unauthenticated, Unavailable
from shared.words import Words

log = structlog.get_logger()

ISSUER = "foyer"
ALGORITHM = "Ed25519"
LIFETIME_SECONDS = 300
REFRESH_SECONDS = 300.0
REFRESH_AT_MOST_EVERY_SECONDS = 5.0
REMEMBERED = 10_000

REFUSED = Words("Please sign in: the token is missing, has expired or is not ours.")


class Keys:
    """The directory's public keys. The last good set stays in use while the directory does not answer."""

    def __init__(self, fetch: Callable[[], dict[str, Any]]) -> None:
        self._fetch = fetch
        self._keys: KeySet | None = None
        self._asked = float("-inf")

    def current(self, *, renew: bool = False) -> KeySet:
        """The key set; asked for anew when it is old, or when a token names a key that it lacks."""
        age = clock.monotonic() - self._asked
        if self._keys is None or age > REFRESH_SECONDS or (renew and age > REFRESH_AT_MOST_EVERY_SECONDS):
            self._renew()
        if self._keys is None:
            raise Unavailable(Words("The directory, which signs people in, does not answer. Please try again."))
        return self._keys

    def _renew(self) -> None:
        try:
            self._keys = KeySet.import_key_set(self._fetch())  # type: ignore[arg-type]
            self._asked = clock.monotonic()
        except (requests.RequestException, ValueError, JoseError) as error:
            log.warning("jwks_unreachable", reason=str(error))


def jwks_from(directory_url: str) -> Callable[[], dict[str, Any]]:
    """Fetches the JWKS over HTTP: the one look-up between services, outside any request but the first."""

    def fetch() -> dict[str, Any]:
        answer = requests.get(f"{directory_url}/api/v1/directory/jwks", timeout=3)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    return fetch


class Verifier:
    """Verifies tokens, and remembers the ones that it has verified until they expire."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.timestamp()), iss={"essential": True, "value": ISSUER}, exp={"essential": True}
        )
        self._known: dict[str, Principal] = {}

    def verify(self, token: str) -> Principal:
        """Who this is. Raises Unauthenticated for any token that is not good now."""
        principal = self._known.get(token)
        if principal is not None and principal.expires_at > clock.timestamp():
            return principal
        principal = self._verify(token)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[token] = principal
        return principal

    def _verify(self, token: str) -> Principal:
        for renew in (False, True):
            try:
                decoded = jwt.decode(token, self._keys.current(renew=renew), algorithms=[ALGORITHM])
                self._claims.validate(decoded.claims)
                return from_claims(decoded.claims)
            except (JoseError, ValueError, KeyError, TypeError) as error:
                reason = error
        raise Unauthenticated(REFUSED) from reason
