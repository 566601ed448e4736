"""By what a client is found. No database.

*Keys* begin with what is typed, and lie in a b-tree: each word of the name, the number as it is dialled at home, the
whole number backwards (people say the last digits), the e-mail address. The *text*, for typing errors and for what
lies in the middle, is compared by its trigrams.
"""

import re
from functools import lru_cache
from typing import Any

import phonenumbers

from services.clients.profiles.client import Client
from shared.folding import fold

NAME, PHONE, BACKWARDS, EMAIL = "n", "p", "b", "e"
LONGEST = 80
"""Characters of a key. A b-tree takes 2,700 bytes, and a letter may take 4."""

MARKS = re.compile(r"['’‘`´.]")
BETWEEN = re.compile(r"[\s\-_/,;:()\"]+")


@lru_cache(20_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: O'Neill-López is oneill and lopez."""
    return tuple(word[:LONGEST] for word in BETWEEN.split(MARKS.sub("", fold(name))) if word)


def national(number: str) -> str:
    """The digits of an E.164 number without its country's code, as they are dialled at home."""
    digits = number.removeprefix("+")
    return next((digits[size:] for size in (1, 2, 3) if is_country_code(digits[:size])), digits)


def is_country_code(digits: str) -> bool:
    return int(digits or 0) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def phone_key(number: str) -> str:
    """The key of a whole E.164 number, for equality."""
    return BACKWARDS + number[:0:-1]


def email_key(address: str) -> str:
    """The key of an e-mail address, for equality as people mean it: without case."""
    return EMAIL + fold(address)[:LONGEST]


def search_keys(client: Client) -> set[str]:
    """Every beginning by which the client is found."""
    names = (client["first_name"], client["middle_name"], client["last_name"])
    keys = {NAME + word for name in names for word in name_words(name)}
    for phone in client["phones"]:
        keys.add(PHONE + national(phone["number"]))
        keys.add(phone_key(phone["number"]))
    keys.update(email_key(email["address"]) for email in client["emails"])
    return keys


def search_text(client: Client) -> str:
    """Words parted by spaces, with a space before the first one: names, then numbers."""
    names = (client["first_name"], client["middle_name"], client["last_name"])
    words: list[Any] = [word for name in names for word in name_words(name)]
    words.extend(phone["number"][1:] for phone in client["phones"])
    return "".join(f" {word}" for word in words)
