"""Text as it is compared: without case and accents."""

import unicodedata


def fold(text: str) -> str:
    """What people mean to be the same reads the same: "ÁVILA", "avila" and "Ávila" are one. For sorting and finding."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).split())
