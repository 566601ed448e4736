"""Text as it is compared: without case and accents."""

import unicodedata


def fold(text: str) -> str:
    """What people mean to be the same reads the same: "ÁVILA", "avila" and "Ávila" are one. For sorting and finding."""
    if text.isascii():  # most is, and then there is nothing to take apart
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).split())
