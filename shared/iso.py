"""What the world has agreed on: countries, currencies, languages, time zones."""

from functools import cache
from zoneinfo import available_timezones

import pycountry


@cache
def countries() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2, such as ES."""
    return tuple(sorted(country.alpha_2 for country in pycountry.countries))


@cache
def currencies() -> tuple[str, ...]:
    """ISO 4217, such as EUR."""
    return tuple(sorted(currency.alpha_3 for currency in pycountry.currencies))


@cache
def languages() -> tuple[str, ...]:
    """ISO 639-1, such as es."""
    return tuple(sorted(found.alpha_2 for found in pycountry.languages if hasattr(found, "alpha_2")))


@cache
def time_zones() -> tuple[str, ...]:
    """IANA names that stand for a place, such as Europe/Madrid, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(places), "UTC")
