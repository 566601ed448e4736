"""Passwords: argon2id in gevent's thread pool, since one takes some 20 ms that nobody else should wait for."""

from collections.abc import Callable
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from gevent import get_hub

# OWASP's choice for servers: 19 MiB each, so that ten at once still fit into a small container.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    return str(_aside(HASHER.hash, password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Takes the same time when there is no hash to compare with; the answer is then no."""
    right = bool(_aside(_verify, password_hash or _nobodys(), password))
    return right and password_hash is not None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def _aside(work: Callable[..., Any], *arguments: str) -> Any:
    return get_hub().threadpool.apply(work, arguments)
