"""Memberships in a person's words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from services.web.lists import branches


def labels() -> dict[str, tuple[str, str]]:
    """Of each label its text, and its tone: good, warn, bad or quiet."""
    return {
        "pending": (_("Not begun yet"), "quiet"),
        "trial": (_("On trial"), "good"),
        "active": (_("Active"), "good"),
        "frozen": (_("Frozen"), "quiet"),
        "ended": (_("Ended"), "quiet"),
        "past_due": (_("Payment overdue"), "warn"),
        "suspended": (_("Suspended"), "bad"),
        "needs_client": (_("Client must confirm"), "warn"),
        "waits_for_card": (_("Needs another card"), "warn"),
        "leaving": (_("Leaving"), "quiet"),
    }


def warnings() -> dict[str, str]:
    return {
        "client_merged": _("The client was merged into another one. What is here stays here until somebody moves it."),
        "client_archived": _("The client is archived."),
        "booking_blocked": _("The client is on the appointment black list."),
        "branch_closed": _("The branch is closed."),
    }


def modes() -> list[tuple[str, str]]:
    return [
        ("skip_payments", _("No payments, benefits stay usable")),
        ("shift_payments", _("Benefits rest, the payment date moves back")),
        ("stop_everything", _("No payments and no benefits")),
    ]


def tenders() -> list[tuple[str, str]]:
    return [
        ("cash", _("Cash")),
        ("terminal", _("Card terminal")),
        ("transfer", _("Bank transfer")),
        ("balance", _("The client's balance")),
    ]


def card_name(card: Mapping[str, Any]) -> str:
    """Visa ···· 4242, as the client reads it on the card."""
    brand = str(card.get("brand") or card.get("card_brand") or "")
    return f"{brand.capitalize()} ···· {card.get('last_four') or card.get('card_last_four')}"


def zone_of(branch_id: str) -> str:
    """The time zone of a branch, as far as the directory answers."""
    return next((str(row["time_zone"]) for row in branches() if row["id"] == branch_id), "UTC")


def currency_of(branch_id: str) -> str:
    return next((str(row["currency"]) for row in branches() if row["id"] == branch_id), "EUR")
