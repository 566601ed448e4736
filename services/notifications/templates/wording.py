"""Turns what an event says into what a person reads: in their language, in the branch's zone. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers

from services.notifications.catalogue.message_type import Data, MessageType
from services.notifications.templates.engine import Plain

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover"}
SPACES = str.maketrans({"\u202f": " ", "\xa0": " "})
"""A space that only looks better would make an SMS twice as long."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the words are for."""

    language: str
    country: str
    zone: str

    @property
    def locale(self) -> Locale:
        return _locale(self.language, self.country)


@lru_cache(100)
def _locale(language: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


Names = Callable[[str, Any], str | None]
"""What something is called: `names("plan", id)`, `names("service", id)`, `names("membership_plan", id)`."""


def worded(kind: MessageType, data: Data, reader: Reader, names: Names) -> dict[str, Plain]:
    """The values of a message, as its templates may name them. What the event leaves out is None."""
    return {name: _say(value.how, data, value.member, reader, names) for name, value in kind.values.items()}


def _say(how: str, data: Data, member: str, reader: Reader, names: Names) -> Plain:
    value = data.get(member)
    if how == "services":
        return [called for each in value or () if (called := names("service", each["service_id"]))]
    if value is None:
        return None
    if how == "money":
        return money(value, data["currency"], reader) if value else None
    if how in ("plan", "membership_plan", "service"):
        return names(how, value)
    return SAYING[how](value, reader)


@lru_cache(1000)
def money(amount: int, currency: str, reader: Reader) -> str:
    """Minor units in the reader's way of writing the currency. A night of receipts has the same few prices and days,
    and each takes longer to put into words than the rest of the message."""
    whole = amount / 10 ** numbers.get_currency_precision(currency)
    return numbers.format_currency(whole, currency, locale=reader.locale).translate(SPACES)


@lru_cache(1000)
def day(value: str, reader: Reader) -> str:
    """A date, or the date of a moment where the branch is."""
    on = datetime.fromisoformat(value).astimezone(ZoneInfo(reader.zone)).date() if "T" in value else _date(value)
    return dates.format_date(on, "long", reader.locale).translate(SPACES)


def last_day(value: str, reader: Reader) -> str:
    return day((_date(value) - timedelta(days=1)).isoformat(), reader)


@lru_cache(1000)
def moment(value: str, reader: Reader) -> str:
    at = datetime.fromisoformat(value).astimezone(ZoneInfo(reader.zone))
    on = dates.format_date(at.date(), "long", reader.locale)
    return f"{on}, {dates.format_time(at.time(), 'short', locale=reader.locale)}".translate(SPACES)


def _date(value: str) -> date:
    return date.fromisoformat(value[:10])


SAYING: Mapping[str, Callable[[Any, Reader], Plain]] = {
    "text": lambda value, reader: str(value),
    "number": lambda value, reader: int(value),
    "brand": lambda value, reader: BRANDS.get(str(value), str(value).capitalize()),
    "arrival": lambda value, reader: value == "arrival",
    "date": day,
    "last_day": last_day,
    "moment": moment,
}
