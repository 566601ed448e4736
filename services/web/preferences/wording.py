"""Preferences in a person's words."""

from typing import Any

from flask_babel import gettext as _


def about() -> dict[str, str]:
    """What each kind covers (P33 to P36b)."""
    return {
        "appointment": _("Confirmations, changes, cancellations, reminders of forms."),
        "service": _("What to know ahead of a service: how to prepare, when to arrive."),
        "package": _("Packages that were bought, what to make of them, messages of the chat."),
        "marketing": _("Offers, news and birthdays. Only with the client's consent."),
        "transaction": _("Receipts, invoices, renewals."),
        "contract": _("Sign-in links, failed payments, changes of price, cancellations. They always go by e-mail."),
    }


def sources() -> dict[str, str]:
    return {
        "console": _("at reception"),
        "portal": _("in the portal"),
        "api": _("by another system"),
        "import": _("with an import"),
        "unsubscribe": _("with the link in a message"),
        "stop": _("by answering STOP"),
        "start": _("by answering START"),
        "merge": _("when two profiles were put together"),
    }


def given() -> list[tuple[str, str]]:
    """How a consent is given."""
    return [
        ("in_person", _("In person, here")),
        ("phone", _("By telephone")),
        ("paper", _("On paper, signed")),
        ("online", _("Online")),
    ]


def suppressed() -> dict[str, str]:
    return {
        "stop": _("answered STOP"),
        "hard_bounce": _("does not exist"),
        "complaint": _("marked our messages as unwanted"),
        "invalid": _("cannot be right"),
        "by_hand": _("kept off by us"),
    }


def by_kind(found: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The switches of each kind, by channel, in the order of the API."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for switch in found["switches"]:
        rows.setdefault(switch["kind"], {})[switch["channel"]] = switch
    return rows
