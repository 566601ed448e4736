"""Spanish and English: which one a person reads, its catalogue, and how dates, times and numbers are written in it."""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, Response, redirect, request, session
from flask_babel import Babel, Domain, get_locale

from services.web.portal.place import is_portal
from services.web.wire import own_path
from shared import clock
from shared.config import WebConfig

NAMES = {"es": "Español", "en": "English"}
COOKIE = "foyer_language"
YEAR_SECONDS = 365 * 24 * 3600
CATALOGUES = Path(__file__).parent / "translations"

room = Blueprint("language", __name__)


class Catalogues(Domain):
    """Reads the `.po` files themselves: nothing has to be compiled, and nothing binary lies in the tree."""

    def get_translations(self) -> NullTranslations:
        return catalogue(str(get_locale()))


@cache
def catalogue(language: str) -> NullTranslations:
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def register(app: Flask, _: WebConfig) -> None:
    babel = Babel(app, locale_selector=chosen)
    babel.domain_instance = Catalogues()
    filters = (moment, day, said_day, short_day, day_before, month, day_of, money, number, phone)
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals["today"] = lambda zone: clock.today(zone).isoformat()
    app.context_processor(lambda: {"language": str(get_locale()), "languages": NAMES})
    app.register_blueprint(room)


def chosen() -> str:
    """The one of the switch, else the browser's; in the portal, the client's own stands in the session as the switch's
    does."""
    cookie = session.get("language") if is_portal() else request.cookies.get(COOKIE)
    return cookie if cookie in NAMES else request.accept_languages.best_match(list(NAMES)) or "en"


@room.post("/language")
def switch() -> Response:
    """Keeps the choice in a cookie and comes back to the same page."""
    answer: Response = redirect(own_path(request.form.get("next")))  # type: ignore[assignment]
    wanted = request.form.get("language", "")
    if wanted in NAMES:
        answer.set_cookie(COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer


def _locale() -> Locale:
    return get_locale() or Locale("en")


def moment(value: str, zone: str) -> str:
    """An ISO time as people write it, in a branch's time zone."""
    at = datetime.fromisoformat(value)
    return dates.format_datetime(at, "d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=_locale())


def day(value: str) -> str:
    """An ISO date as people write it."""
    return dates.format_date(date.fromisoformat(value), "long", locale=_locale())


def said_day(value: str) -> str:
    """A date as it was typed, in words with its weekday; nothing for what is no date."""
    try:
        return dates.format_date(date.fromisoformat(value), "full", locale=_locale())
    except ValueError:
        return ""


def short_day(value: str) -> str:
    return dates.format_date(date.fromisoformat(value), "d MMM y", locale=_locale())


def month(value: str) -> str:
    """The month of an ISO date."""
    return dates.format_date(date.fromisoformat(value), "MMM y", locale=_locale())


def day_before(value: str) -> str:
    """The last day that counts, of the first that does not; both ISO."""
    return (date.fromisoformat(value) - timedelta(days=1)).isoformat()


def day_of(value: str, zone: str) -> str:
    """The day of an ISO time, as people write it, in a branch's time zone."""
    at = datetime.fromisoformat(value)
    return dates.format_datetime(at, "d MMM y", tzinfo=ZoneInfo(zone), locale=_locale())


def number(value: Any) -> str:
    return numbers.format_decimal(value, locale=_locale())


def money(amount: int, currency: str) -> str:
    """An amount in minor units."""
    digits = numbers.get_currency_precision(currency)
    return numbers.format_currency(amount / 10**digits, currency, locale=_locale())


def phone(number: str) -> str:
    """A number in E.164 as people read it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
