"""The keys that sign tokens."""

import json
from contextlib import suppress
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from shared import clock
from shared.auth.tokens import ALGORITHM, ISSUER, LIFETIME_SECONDS
from shared.config import BadConfiguration, Config


class Signer:
    """Signs with one key, and publishes the key before it too, so that a key can be replaced while tokens live."""

    def __init__(self, key: OKPKey, previous: OKPKey | None = None) -> None:
        key.ensure_kid()
        self._key = key
        self._published = [key, *([previous] if previous else [])]

    def jwks(self) -> dict[str, Any]:
        """The public keys (RFC 7517)."""
        extra = {"use": "sig", "alg": ALGORITHM}
        return {"keys": [{**key.as_dict(private=False), **extra} for key in self._published]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A token with these claims that expires in five minutes."""
        expires = int(clock.timestamp()) + LIFETIME_SECONDS
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}
        return jwt.encode(header, {**claims, "iss": ISSUER, "exp": expires}, self._key, algorithms=[ALGORITHM])


def signer(config: Config) -> Signer:
    """From the secrets `directory-signing-key` and, while it is being replaced, `directory-signing-key-previous`."""
    previous = None
    with suppress(BadConfiguration):
        previous = _key(config, "directory-signing-key-previous")
        previous.ensure_kid()
    return Signer(_key(config, "directory-signing-key"), previous)


def _key(config: Config, name: str) -> OKPKey:
    text = config.secret(name)
    try:
        return OKPKey.import_key(json.loads(text))
    except ValueError as error:
        raise BadConfiguration(f"the secret {name!r} is no Ed25519 key as a JWK") from error
