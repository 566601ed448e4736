"""Passwords: argon2id in gevent's thread pool, since one takes some 20 ms that nobody else should wait for."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from shared.aside import aside

# OWASP's choice for servers: 19 MiB each, so that ten at once still fit into a small container.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    return str(aside(HASHER.hash, password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Takes the same time when there is no hash to compare with; the answer is then no."""
    right = bool(aside(_verify, password_hash or _nobodys(), password))
    return right and password_hash is not None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except VerificationError:
        return False
