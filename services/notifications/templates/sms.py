"""How an SMS is counted: its encoding, its characters and the parts it is sent in (GSM 03.38 and 03.40). Pure."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijkl"
    "mnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places."""
LONGEST = 1600
"""Characters that providers take in one message."""


@dataclass(frozen=True, slots=True)
class Size:
    encoding: str
    """GSM-7 or UCS-2."""
    characters: int
    parts: int
    left: int
    """Places until the next part begins."""


def size_of(text: str) -> Size:
    """What it takes to send the text. One letter outside of GSM-7, such as á, makes all of it UCS-2."""
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        weights = [2 if letter in EXTENDED else 1 for letter in text]
        parts, left = _fit(weights, 160, 153)
        return Size("GSM-7", len(text), parts, left)
    weights = [len(letter.encode("utf-16-be")) // 2 for letter in text]
    parts, left = _fit(weights, 70, 67)
    return Size("UCS-2", len(text), parts, left)


def _fit(weights: list[int], alone: int, each: int) -> tuple[int, int]:
    """Parts, and places left in the last. A letter of two places is never cut in two."""
    if sum(weights) <= alone:
        return 1, alone - sum(weights)
    parts, used = 1, 0
    for weight in weights:
        if used + weight > each:
            parts, used = parts + 1, 0
        used += weight
    return parts, each - used
