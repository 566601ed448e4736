"""What somebody typed into the search box, read as the beginning of a name, a number or an address. No database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.clients.profiles.search_text import (
    BACKWARDS,
    EMAIL,
    LONGEST,
    NAME,
    PHONE,
    is_country_code,
    name_words,
)
from shared.folding import fold

DIALLED = re.compile(r"[\d\s()./+-]+")
FEWEST_LAST_DIGITS = 4
MOST_WORDS = 6
TAG_SIGN = "#"
SHORTEST_TAG = 3
"""Letters of a tag that is typed without its sign: fewer begin a name."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Asked:
    beginnings: tuple[str, ...] = ()
    """Beginnings of keys, the best first: whoever has one of them is meant."""
    parts: tuple[str, ...] = ()
    """What must all stand in the search text: of words the beginning, of digits any part."""
    words: tuple[str, ...] = ()
    """The words of a name, in which there may be a typing error."""
    tag: str = ""
    """How the name of a tag begins, as `tag_key` has it."""


def read(typed: str) -> Asked:
    """What is meant by what was typed. After `#` it is a tag and nothing else."""
    if typed.startswith(TAG_SIGN):
        return Asked(tag=tag_key(typed))
    if "@" in typed:
        return Asked(beginnings=(EMAIL + fold(typed).replace(" ", "")[:LONGEST],))
    if DIALLED.fullmatch(typed) and (digits := re.sub(r"\D", "", typed)):
        return _number(typed.strip(), digits)
    words, tag = name_words(typed)[:MOST_WORDS], tag_key(typed)
    tag = tag if len(tag) >= SHORTEST_TAG else ""
    if len(words) == 1:
        # A single word may be the beginning of an address too; its dots are no part of a name.
        return Asked(beginnings=(NAME + words[0], EMAIL + fold(typed)[:LONGEST]), words=words, tag=tag)
    parts = tuple(f"%{word}%" if word.isdigit() else f"% {word}%" for word in map(_literal, words))
    return Asked(parts=parts, words=words, tag=tag)


def tag_key(name: str) -> str:
    """The name of a tag as it is compared: as people write one after `#`, in one word."""
    return fold(name).replace(TAG_SIGN, "").replace(" ", "")


def _number(typed: str, digits: str) -> Asked:
    """Part of a telephone number: its beginning as dialled at home or with the country's code, or its last digits."""
    beginnings = []
    if typed.startswith(("+", "00")):
        digits = digits.removeprefix("00") if typed.startswith("00") else digits
        beginnings += [PHONE + digits[size:] for size in (1, 2, 3) if is_country_code(digits[:size])]
    else:
        beginnings.append(PHONE + digits.lstrip("0"))
    if len(digits) >= FEWEST_LAST_DIGITS:
        beginnings.append(BACKWARDS + digits[::-1])
    return Asked(beginnings=tuple(one for one in beginnings if len(one) > 1), parts=(f"%{digits}%",))


def _literal(word: str) -> str:
    """The word without a meaning to LIKE."""
    return re.sub(r"([%_\\])", r"\\\1", word)


def one_letter_off(word: str) -> Iterator[str]:
    """Every word from which this one differs by one typing error: two letters swapped, one too many, wrong, missing.

    Looked up in a b-tree, some hundred of them take a millisecond, and no error is missed; trigrams find five of six.
    """
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1)
    yield from (a + b[1:] for a, b in splits if b)
    yield from (a + letter + b[1:] for a, b in splits if b for letter in ALPHABET)
    yield from (a + letter + b for a, b in splits for letter in ALPHABET)
