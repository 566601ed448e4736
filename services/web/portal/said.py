"""Memberships and payments in words for the one whom they are about."""

from flask_babel import gettext as _

Said = dict[str, tuple[str, str]]
"""Of each its text, and its tone: good, warn, bad or quiet."""


def labels() -> Said:
    return {
        "pending": (_("Not begun yet"), "quiet"),
        "trial": (_("On trial"), "good"),
        "active": (_("Active"), "good"),
        "frozen": (_("Frozen"), "quiet"),
        "ended": (_("Ended"), "quiet"),
        "past_due": (_("Payment overdue"), "warn"),
        "suspended": (_("Paused until it is paid"), "bad"),
        "needs_client": (_("Waits for you to confirm"), "warn"),
        "waits_for_card": (_("Needs another card"), "warn"),
        "leaving": (_("Ends soon"), "quiet"),
    }


def outcomes() -> Said:
    return {
        "on_its_way": (_("On its way"), "quiet"),
        "to_confirm": (_("Waits for you to confirm"), "warn"),
        "paid": (_("Paid"), "good"),
        "failed": (_("Not paid"), "bad"),
        "called_off": (_("Called off"), "quiet"),
        "refund_on_its_way": (_("Refund on its way"), "quiet"),
        "refunded": (_("Given back"), "good"),
        "disputed": (_("Claimed back through your bank"), "quiet"),
    }


def gift_card_states() -> Said:
    return {
        "awaits_payment": (_("Not paid yet"), "quiet"),
        "active": (_("Can be used"), "good"),
        "blocked": (_("Cannot be used at the moment: ask us"), "warn"),
        "expired": (_("Expired"), "quiet"),
        "refunded": (_("Given back"), "quiet"),
    }
