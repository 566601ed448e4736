"""How the sandbox signs what it sends: HMAC-SHA256 of the body, with the key that both sides hold."""

import hmac

HEADER = "Sandbox-Signature"


def signature(key: str, body: bytes) -> str:
    return hmac.digest(key.encode(), body, "sha256").hex()


def is_signed(key: str, body: bytes, given: str | None) -> bool:
    return hmac.compare_digest(signature(key, body).encode(), (given or "").encode())
