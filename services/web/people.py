"""How a person is named and pictured: the whole name, initials, a tint that stays the same."""

import zlib
from collections.abc import Mapping
from typing import Any

from flask import Flask

from shared.config import WebConfig

TINTS = 6


def register(app: Flask, _: WebConfig) -> None:
    app.jinja_env.filters.update(initials=initials, tint=tint, whole_name=whole_name)


def whole_name(client: Mapping[str, Any]) -> str:
    parts = (client.get("first_name"), client.get("middle_name"), client.get("last_name"))
    return client.get("name") or " ".join(part for part in parts if part)


def initials(name: str) -> str:
    """Of the first two words; of a name in a script without capitals, its first sign."""
    words = [word for word in name.split() if word[0].isalpha()] or ["?"]
    return "".join(word[0].upper() for word in (words[:2] if words[0][0].upper() != words[0][0].lower() else words[:1]))


def tint(name: str) -> int:
    return zlib.crc32(name.encode()) % TINTS


def primary(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The primary telephone number or e-mail address."""
    return next((entry for entry in entries or () if entry.get("primary")), None)
