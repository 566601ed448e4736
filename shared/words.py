"""The words that people read, in their language.

Messages are written in English in the code, as `Words`, and looked up in the catalogues (`es.po`) when they are said.
A message without a translation is said in English; a test fails on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LANGUAGES = ("en", "es")
ROOT = Path(__file__).parents[1]

_language: ContextVar[str] = ContextVar("foyer_language", default="en")


def speak(language: str) -> None:
    """Sets the language of this request or task."""
    _language.set(language if language in LANGUAGES else "en")


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Everything inside is said in this language, such as what somebody else is to read."""
    before = _language.get()
    speak(wanted)
    try:
        yield
    finally:
        _language.set(before)


def language() -> str:
    return _language.get()


class Words(str):
    """A message, perhaps with `{named}` places; `format`, also when marshmallow calls it, says it in the language."""

    __slots__ = ()

    def format(self, *args: Any, **kwargs: Any) -> str:
        return str.format(say(self), *args, **kwargs)


def say(message: str) -> str:
    """The message in the current language."""
    current = _language.get()
    return message if current == "en" else catalogue(current).get(str(message), message)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every translation that the house holds, wherever its `.po` lies."""
    found: dict[str, str] = {}
    for path in sorted([*ROOT.glob(f"shared/**/{language}.po"), *ROOT.glob(f"services/*/{language}.po")]):
        with path.open("rb") as file:
            found |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}
    return found
