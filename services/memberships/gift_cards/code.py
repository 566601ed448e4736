"""The code of a gift card: 16 characters that people read off paper, say on the telephone and type. Pure.

The alphabet has at most one of the characters that people take for each other (0 and O, 1 and I and L, 2 and Z, 5 and
S, 6 and G, 8 and B, U and V). There are 23 of them, a prime: so the last character, a check, finds every single wrong
one and every two that changed places.
"""

import hmac

ALPHABET = "3479ACDEFGHJKMNPQRTVWXY"
BASE = len(ALPHABET)
LENGTH = 16


def make(secret: bytes, seed: str) -> str:
    """The code for a seed: as good as random to whoever lacks the secret, and the same whenever it is made again."""
    number = int.from_bytes(hmac.digest(secret, b"code " + seed.encode(), "sha256"), "big")
    body = ""
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, BASE)
        body += ALPHABET[digit]
    return body + _check(body)


def read(typed: str) -> str | None:
    """The code in what a person typed, whatever its case, spaces and dashes; None when it cannot be one."""
    code = "".join(typed.split()).replace("-", "").upper()
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or _check(code[:-1]) != code[-1]:
        return None
    return code


def digest(secret: bytes, code: str) -> bytes:
    """What is kept of a code: without the secret, nobody can try codes against it."""
    return hmac.digest(secret, b"kept " + code.encode(), "sha256")


def spaced(code: str) -> str:
    """As it is printed: in fours."""
    return "-".join(code[place : place + 4] for place in range(0, LENGTH, 4))


def _check(body: str) -> str:
    """With it, the sum of all places, each times its number from 1, is a multiple of the base."""
    total = sum(number * ALPHABET.index(character) for number, character in enumerate(body, 1))
    return ALPHABET[-total * pow(LENGTH, -1, BASE) % BASE]
