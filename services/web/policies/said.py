"""The rules of billing in a person's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from services.web.language import number, short_day

Rules = Mapping[str, Any]


def arrears() -> list[tuple[str, str]]:
    return [
        ("latest", _("Only the latest is made up")),
        ("one_a_day", _("All are made up, one a day")),
        ("none", _("None is made up")),
    ]


def withholdings() -> list[tuple[str, str]]:
    return [
        ("past_due", _("As soon as a payment is overdue")),
        ("suspended", _("When the membership is suspended")),
        ("never", _("Never")),
    ]


def sentences(rules: Rules) -> list[str]:
    """What rules that are in force mean for a member, and for who works with them."""
    return [*_charging(rules), *_failing(rules), *_missed(rules), *_rest(rules)]


def _charging(rules: Rules) -> Iterator[str]:
    yield _("What is due is charged from %(hour)s on, in the branch's own time.", hour=f"{rules['charge_hour']:02d}:00")
    if rules["renewal_notice_days"]:
        yield ngettext(
            "A renewal is announced %(num)d day ahead.",
            "A renewal is announced %(num)d days ahead.",
            rules["renewal_notice_days"],
        )
    if rules["use_balance_first"]:
        yield _("What the client has on their balance is used first.")


def _failing(rules: Rules) -> Iterator[str]:
    days = [number(day) for day in rules["retry_days"]]
    if days:
        yield _(
            "A payment that fails is tried again after %(days)s days, each counted from the attempt before.",
            days=format_list(days, locale=get_locale() or "en"),
        )
    else:
        yield _("A payment that fails is not tried again by itself.")
    if rules["other_cards"]:
        yield _("Other cards of the client are tried, where the client agreed to it.")
    yield ngettext(
        "After %(num)d failed attempt the membership is suspended.",
        "After %(num)d failed attempts the membership is suspended.",
        rules["attempts_before_suspension"],
    )
    yield {
        "past_due": _("Credits cannot be used as soon as a payment is overdue."),
        "suspended": _("Credits cannot be used while the membership is suspended."),
        "never": _("Credits can be used even while payments are missing."),
    }[rules["withhold_benefits"]]


def _missed(rules: Rules) -> Iterator[str]:
    yield {
        "latest": _("Of several periods left unpaid only the latest is made up."),
        "one_a_day": _("Periods left unpaid are all made up, one a day."),
        "none": _("Periods left unpaid are not made up."),
    }[rules["arrears"]]
    if rules["late_payment_moves_date"]:
        yield _("A late payment moves the dates that follow.")
    yield ngettext(
        "If charging stood still for more than %(num)d day, a person confirms the total first.",
        "If charging stood still for more than %(num)d days, a person confirms the total first.",
        rules["catch_up_days"],
    )


def _rest(rules: Rules) -> Iterator[str]:
    if rules["cooling_off_days"]:
        yield ngettext(
            "Within %(num)d day of the sale leaving costs nothing.",
            "Within %(num)d days of the sale leaving costs nothing.",
            rules["cooling_off_days"],
        )
    yield _("Prices include tax.") if rules["prices_include_tax"] else _("Tax is added to the prices.")
    for tax in rules["taxes"]:
        yield _(
            "Tax of %(category)s: %(rate)s %% since %(day)s.",
            category=tax["category"],
            rate=tax["rate"],
            day=short_day(tax["since"]),
        )
    yield ngettext(
        "Gift cards are valid for %(num)d month.", "Gift cards are valid for %(num)d months.", rules["gift_card_months"]
    )
