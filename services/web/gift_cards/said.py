"""Gift cards in a person's words."""

from flask_babel import gettext as _

from services.web.memberships.said import tenders


def states() -> dict[str, tuple[str, str]]:
    """Of each state its text, and its tone."""
    return {
        "awaits_payment": (_("Waits for its payment"), "warn"),
        "active": (_("Can be used"), "good"),
        "blocked": (_("Blocked"), "bad"),
        "expired": (_("Expired"), "quiet"),
        "refunded": (_("Given back"), "quiet"),
    }


def movements() -> dict[str, str]:
    return {
        "sold": _("Sold"),
        "redeemed": _("Redeemed"),
        "reversed": _("Redemption taken back"),
        "refunded": _("Given back to the client"),
        "adjusted": _("Set right by hand"),
        "blocked": _("Blocked"),
        "unblocked": _("Unblocked"),
        "extended": _("Valid for longer"),
        "expired": _("Expired"),
    }


def ways_to_buy() -> list[tuple[str, str]]:
    return [*tenders(), ("card", _("A card on file"))]


def destinations() -> list[tuple[str, str]]:
    return tenders()
