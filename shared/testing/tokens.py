"""Tokens for tests: signed by a key of our own, so that no directory has to run."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import OKPKey

from shared import clock
from shared.auth.principal import CHAIN
from shared.auth.tokens import ALGORITHM, ISSUER, LIFETIME_SECONDS, Keys, Verifier
from shared.ids import new_id

KEY = OKPKey.generate_key("Ed25519", auto_kid=True)

EMPLOYEE = UUID("0197a3c4-5a00-7000-8000-00000000000e")
"""Who signs in where a test does not care."""


def jwks() -> dict[str, Any]:
    """The public part of the key, as a directory would publish it."""
    return {"keys": [KEY.as_dict(private=False)]}


def verifier() -> Verifier:
    """Takes our tokens and no others."""
    return Verifier(Keys(jwks))


def token(
    *permissions: str,
    branches: Iterable[UUID | str] = (CHAIN,),
    kind: str = "staff",
    id: UUID = EMPLOYEE,
    session_id: UUID | None = None,
    grants: list[Any] | None = None,
    lives: int = LIFETIME_SECONDS,
    key: OKPKey = KEY,
    issuer: str = ISSUER,
) -> str:
    """A signed token of somebody who holds these permissions for these branches, by default for the chain.

    `grants` in their wire form take the place of permissions and branches.
    """
    claims = {
        "sub": f"{kind}:{id}",
        "sid": str(session_id or new_id()),
        "iss": issuer,
        "exp": int(clock.timestamp()) + lives,
        "grants": grants if grants is not None else [[[str(one) for one in branches], list(permissions)]],
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
