"""The one text by which a client is found: names without accents or case, phone numbers, e-mail addresses."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any


def plain(text: str) -> str:
    """Lower case, without accents: what is compared when somebody searches."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search_text(
    first: str, middle: str, last: str, phones: Iterable[Mapping[str, Any]], emails: Iterable[Mapping[str, Any]]
) -> str:
    """Words parted by spaces, with a space before the first one, so that ` mar` finds the beginnings of words."""
    words = [
        *plain(f"{first} {middle} {last}").split(),
        *(phone["number"] for phone in phones),
        *(plain(email["address"]) for email in emails),
    ]
    return "".join(f" {word}" for word in words)
