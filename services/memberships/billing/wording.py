"""The lines of an invoice, or of a quote, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from shared.words import language, say


def said(line: Mapping[str, Any]) -> str:
    """A line's text with its values in their places; days as people write them."""
    return say(line["text"]).format(**{name: _value(value) for name, value in line["values"].items()})


def day(value: date) -> str:
    return format_date(value, "long", locale=language())


def _value(value: Any) -> Any:
    """What JSON has kept of a day is a text."""
    if isinstance(value, date):
        return day(value)
    try:
        return day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value
