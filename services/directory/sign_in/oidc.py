"""The chain's own identity provider: OpenID Connect, authorization code with PKCE.

What is trusted: an ID token signed by a key that the provider publishes over TLS, for us, with the nonce of this very
sign-in. Calls to it happen outside any transaction.
"""

import hashlib
from base64 import urlsafe_b64encode
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

import requests
import structlog
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared import clock
from shared.config import BadConfiguration, Config, IdentityProvider
from shared.errors import NotFound, Unauthenticated, Unavailable
from shared.words import Words

log = structlog.get_logger()

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
"""Signatures by a private key only: a shared secret would let us sign for ourselves."""
TIMEOUT_SECONDS = 5
LEEWAY_SECONDS = 60

NONE = Words("The chain has no identity provider of its own.")
AWAY = Words("The chain's identity provider does not answer. Please try again.")
NOT_CONFIRMED = Words("The chain's identity provider did not confirm who you are. Please try again.")


class Provider:
    """Reads what the provider says of itself when it is first needed, and its keys anew when one is not known."""

    def __init__(self, settings: IdentityProvider, secret: str | None) -> None:
        self.settings = settings
        self._secret = secret
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None

    def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where a person signs in. Raises Unavailable."""
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": self.settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = str(self._says("authorization_endpoint"))
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def username(self, code: str, verifier: str, nonce: str, redirect_uri: str) -> str:
        """The sign-in name of the person who came back with the code. Raises Unauthenticated, Unavailable."""
        claims = self._claims(self._exchange(code, verifier, redirect_uri), nonce)
        name = claims.get(self.settings.claim)
        unverified = self.settings.claim == "email" and claims.get("email_verified") is not True
        if not isinstance(name, str) or not name or unverified:
            raise _refused(f"no usable claim {self.settings.claim}")
        return name

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.settings.client_id,
            "code_verifier": verifier,
        }
        # HTTP Basic is what every provider takes; without a secret the challenge alone proves that it is us.
        auth = (quote(self.settings.client_id), quote(self._secret)) if self._secret else None
        answer = _ask("POST", str(self._says("token_endpoint")), data=sent, auth=auth)
        if not answer.ok:
            raise _refused(f"token endpoint answered {answer.status_code}")
        token = _object(answer).get("id_token")
        if not isinstance(token, str):
            raise _refused("no ID token")
        return token

    def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        must = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        reason: Exception | None = None
        for renew in (False, True):
            try:
                decoded = jwt.decode(id_token, self._key_set(renew), algorithms=ALGORITHMS)
                must.validate(decoded.claims)
                return dict(decoded.claims)
            except (JoseError, ValueError) as error:
                reason = error
        raise _refused(repr(reason))

    def _key_set(self, renew: bool) -> KeySet:
        if self._keys is None or renew:
            answer = _ask("GET", str(self._says("jwks_uri")))
            self._keys = KeySet.import_key_set(_object(answer))  # type: ignore[arg-type]
        return self._keys

    def _says(self, name: str) -> Any:
        if self._metadata is None:
            answer = _ask("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            metadata = _object(answer)
            if metadata.get("issuer") != self.settings.issuer:
                raise _away(f"it calls itself {metadata.get('issuer')}")
            self._metadata = metadata
        if name not in self._metadata:
            raise _away(f"it names no {name}")
        return self._metadata[name]


def provider(config: Config) -> Provider | None:
    """The chain's identity provider; None where people sign in with a password only."""
    secret = None
    with suppress(BadConfiguration):
        secret = config.secret("oidc-client-secret")
    return Provider(config.identity_provider, secret) if config.identity_provider else None


def identity_provider() -> Provider:
    """That of this application. Raises NotFound where there is none."""
    found = current_app.extensions["foyer-identity-provider"]
    if found is None:
        raise NotFound(NONE, code="no_identity_provider")
    assert isinstance(found, Provider)
    return found


def _ask(method: str, url: str, **options: Any) -> requests.Response:
    try:
        answer = requests.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **options)
    except requests.RequestException as error:
        raise _away(str(error)) from error
    if answer.status_code >= 500:
        raise _away(f"{url} answered {answer.status_code}")
    return answer


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise _away("not JSON") from error
    return found if isinstance(found, dict) else {}


def _away(reason: str) -> Unavailable:
    log.warning("identity_provider_away", reason=reason)
    return Unavailable(AWAY)


def _refused(reason: str) -> Unauthenticated:
    log.warning("identity_provider_refused", reason=reason)
    return Unauthenticated(NOT_CONFIRMED, code="wrong_credentials")
