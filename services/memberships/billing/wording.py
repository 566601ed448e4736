"""The lines of an invoice or of a quote, money and days in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import numbers
from babel.dates import format_date

from shared.words import language, say


def said(line: Mapping[str, Any]) -> str:
    """A line's text with its values in their places; days as people write them."""
    return say(line["text"]).format(**{name: _value(value) for name, value in line["values"].items()})


def money(amount: int, currency: str) -> str:
    """An amount in minor units as people write it: 49,00 €."""
    digits = numbers.get_currency_precision(currency)
    locale = {"es": "es_ES", "en": "en_US"}[language()]
    return numbers.format_currency(amount / 10**digits, currency, locale=locale)


def day(value: date) -> str:
    return format_date(value, "long", locale=language())


def _value(value: Any) -> Any:
    """What JSON has kept of a day is a text."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return money(value["minor"], value["currency"])
    try:
        return day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value
