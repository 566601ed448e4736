"""Branches, which the directory owns."""

from typing import Any
from zoneinfo import available_timezones

import pycountry
from babel import Locale, numbers
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from services.web.forms import Form
from services.web.settings.section import Column, Field, Row, Section
from services.web.wording import Wording, countries, languages

NEW = {"country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR", "language": "es", "weight_unit": "kg"}


def columns() -> list[Column]:
    return [
        Column("name", _("Name"), lambda row: row["name"]),
        Column("place", _("Town"), lambda row: (row["address"] or {}).get("locality", "")),
        Column("time_zone", _("Time zone"), lambda row: _zone(row["time_zone"])),
        Column("currency", _("Currency"), lambda row: row["currency"]),
        Column("unit", _("Weight in"), lambda row: row["weight_unit"]),
    ]


def fields() -> dict[str, Field]:
    return {
        "name": Field(_("Name")),
        "address": Field(_("Address"), lambda value: Wording().said("address", value)),
        "country": Field(_("Country"), lambda value: dict(countries()).get(value, value)),
        "time_zone": Field(_("Time zone"), _zone),
        "currency": Field(_("Currency")),
        "language": Field(_("Language"), lambda value: dict(languages()).get(value, value)),
        "weight_unit": Field(_("Weight in"), lambda value: dict(_units()).get(value, value)),
    }


def form(row: Row) -> Form:
    return Form.of(row or NEW)


def choices(form: Form) -> dict[str, Any]:
    locale = get_locale() or Locale("en")
    codes = sorted(currency.alpha_3 for currency in pycountry.currencies)
    return {
        "countries": countries(),
        "languages": languages(),
        "currencies": [(code, f"{code} · {numbers.get_currency_name(code, locale=locale)}") for code in codes],
        "zones": [(name, _zone(name)) for name in sorted(available_timezones()) if "/" in name],
        "units": _units(),
    }


def document(form: Form) -> dict[str, Any]:
    typed = form.nested()
    names = ("name", "country", "time_zone", "currency", "language", "weight_unit")
    address = typed.get("address", {})
    lines = [line for line in address.get("lines", []) if line.strip()]
    parts = {name: address.get(name, "") for name in ("locality", "region", "postal_code")}
    empty = not lines and not any(part.strip() for part in parts.values())
    return {name: typed.get(name, "") for name in names} | {"address": None if empty else parts | {"lines": lines}}


def _units() -> list[tuple[str, str]]:
    return [("kg", _("Kilograms")), ("lb", _("Pounds"))]


def _zone(name: str) -> str:
    return name.replace("_", " ")


SECTION = Section(
    key="branches",
    icon="shop",
    service="directory",
    path="directory/branches",
    writes="directory.branches.write",
    title=N_("Branches"),
    about=N_("Where the chain serves its clients: time zone, currency, units."),
    one=N_("Add branch"),
    consequence=N_("It is no longer offered in any picker. Clients and prices keep it, and it can be opened again."),
    columns=columns,
    fields=fields,
    form=form,
    choices=choices,
    document=document,
)
