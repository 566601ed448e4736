"""The secrets of machines: made here, shown once, kept as a hash."""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def is_right(secret_hash: bytes | None, secret: str) -> bool:
    return hmac.compare_digest(secret_hash or b"", digest(secret))
