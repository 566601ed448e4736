"""Fields and values of a client in a person's words: for the history of changes, and for what somebody else changed."""

from functools import cached_property
from typing import Any

import pycountry
from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from services.web import lists
from services.web.backend import Refused, Unreachable
from services.web.language import day, phone
from services.web.people import whole_name


def genders() -> list[tuple[str, str]]:
    return [
        ("woman", _("Woman")),
        ("man", _("Man")),
        ("non_binary", _("Non-binary")),
        ("other", _("Other")),
        ("undisclosed", _("Rather not say")),
    ]


def phone_types() -> list[tuple[str, str]]:
    return [("mobile", _("Mobile")), ("home", _("Home")), ("work", _("Work"))]


def languages() -> list[tuple[str, str]]:
    """Those that people name first, then all others, by their names in the reader's language."""
    locale = get_locale() or Locale("en")
    codes = sorted(found.alpha_2 for found in pycountry.languages if hasattr(found, "alpha_2"))
    names = {code: str(locale.languages.get(code, "")) for code in codes}
    by_name = sorted((code for code in codes if names[code]), key=lambda code: names[code].casefold())
    first = ["es", "en", "ca", "fr", "de", "pt"]
    return [(code, names[code]) for code in first + [code for code in by_name if code not in first]]


def countries() -> list[tuple[str, str]]:
    locale = get_locale() or Locale("en")
    codes = [country.alpha_2 for country in pycountry.countries]
    return sorted(((code, str(locale.territories.get(code, code))) for code in codes), key=lambda pair: pair[1])


def labels() -> dict[str, str]:
    return {
        "first_name": _("First name"),
        "middle_name": _("Middle name"),
        "last_name": _("Last name"),
        "phones": _("Phones"),
        "emails": _("E-mail"),
        "address": _("Home address"),
        "birth_date": _("Date of birth"),
        "gender": _("Gender"),
        "gender_description": _("Gender, in their own words"),
        "referral_method_id": _("Referral method"),
        "referred_by_client_id": _("Referred by"),
        "preferred_branch_id": _("Preferred branch"),
        "language": _("Language preference"),
        "status_id": _("Status"),
        "tag_ids": _("Tags"),
        "booking_blocked": _("Appointment black list"),
        "weight_taken_on": _("Weight, taken on"),
        "service_id": _("Service"),
        "comment": _("Comment"),
    }


class Wording:
    """Says values. The names that it needs are looked up when the first of them is needed."""

    def label(self, field: str) -> str:
        return labels().get(field, field)

    def said(self, field: str, value: Any) -> str:
        """The value, or nothing for none."""
        if value in (None, "", []):
            return ""
        sayers = {
            "phones": lambda: ", ".join(self._phone(entry) for entry in value),
            "emails": lambda: ", ".join(entry["address"] for entry in value),
            "address": lambda: self._address(value),
            "birth_date": lambda: day(value),
            "weight_taken_on": lambda: day(value),
            "gender": lambda: dict(genders()).get(value, value),
            "language": lambda: dict(languages()).get(value, value),
            "booking_blocked": lambda: _("On") if value else _("Off"),
            "status_id": lambda: self._statuses.get(value, ""),
            "tag_ids": lambda: ", ".join(self._tags.get(tag_id, "") for tag_id in value),
            "referral_method_id": lambda: self._methods.get(value, ""),
            "preferred_branch_id": lambda: lists.named(lists.branches()).get(value, ""),
            "service_id": lambda: self._services.get(value, ""),
            "referred_by_client_id": lambda: client_name(value),
        }
        return sayers.get(field, lambda: str(value))() or _("(no longer known)")

    def _phone(self, entry: dict[str, Any]) -> str:
        return f"{phone(entry['number'])} ({dict(phone_types()).get(entry.get('type', ''), '')})".replace(" ()", "")

    def _address(self, address: dict[str, Any]) -> str:
        place = " ".join(filter(None, (address.get("postal_code"), address.get("locality"))))
        country = dict(countries()).get(address.get("country_code", ""), "")
        return ", ".join(filter(None, (*address.get("lines", ()), place, address.get("region"), country)))

    @cached_property
    def _statuses(self) -> dict[str, str]:
        return lists.named(lists.statuses())

    @cached_property
    def _methods(self) -> dict[str, str]:
        return lists.named(lists.referral_methods())

    @cached_property
    def _tags(self) -> dict[str, str]:
        return lists.named(lists.tags())

    @cached_property
    def _services(self) -> dict[str, str]:
        try:
            return lists.named(lists.services())
        except (Unreachable, Refused):
            return {}


def client_name(client_id: str | None) -> str:
    """The name of another client; nothing when there is none, or when one may not know of them."""
    if not client_id:
        return ""
    try:
        return whole_name(lists.client(client_id))
    except Refused:
        return ""


def channels() -> dict[str, str]:
    return {
        "console": _("on the console"),
        "portal": _("in the portal"),
        "api": _("by another system"),
        "import": _("by an import"),
        "event": _("by itself"),
    }


def doer(entry: dict[str, Any]) -> str:
    """Who did it."""
    if entry.get("actor_name"):
        return str(entry["actor_name"])
    kind = str(entry.get("actor", "")).partition(":")[0]
    kinds = {"client": _("The client"), "machine": _("Another system"), "service": _("Foyer")}
    return kinds.get(kind, _("Somebody"))
