"""The pages of Configuración, for its navigation: sections of one table each, and pages of their own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as N_

from services.web.session.views import may


@dataclass(frozen=True)
class Page:
    """A page of Configuración that is more than a table: its room, which begins with its `listing`."""

    room: str
    icon: str
    title: str
    needs: str


@dataclass(frozen=True)
class Place:
    address: str
    icon: str
    title: str
    current: bool


PAGES = (
    Page("plans", "person-badge", N_("Membership plans"), "memberships.read"),
    Page("form_templates", "ui-checks", N_("Forms"), "forms.read"),
    Page("message_texts", "chat-square-text", N_("Texts of messages"), "messages.read"),
    Page("message_rules", "bell-slash", N_("Rules of messages"), "preferences.read"),
    Page("suppressions", "slash-circle", N_("Never written to"), "preferences.read"),
    Page("outbox", "send", N_("Outbox"), "messages.read"),
    Page("policies", "cash-stack", N_("Rules of billing"), "memberships.policies.write"),
)


def places(sections: Callable[[], list[tuple[str, str, str]]]) -> list[Place]:
    """What the one who asks may open; `sections` are key, icon and title."""
    here = (request.view_args or {}).get("key")
    found = [Place(url_for("settings.listing", key=key), icon, title, key == here) for key, icon, title in sections()]
    return found + [
        Place(url_for(f"{page.room}.listing"), page.icon, page.title, request.blueprint == page.room)
        for page in PAGES
        if may(page.needs)
    ]
