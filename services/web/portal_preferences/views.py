"""The client's own preferences: the whole of them in one form."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, tell
from services.web.forms import Form
from services.web.messages import wording as messages
from services.web.pages import show
from services.web.preferences.wording import by_kind, suppressed

room = Blueprint("portal_preferences", __name__, url_prefix="/portal/preferences")

SERVICE, ROOT = "notifications", "notifications/portal/preferences"


@room.get("")
def page() -> Response:
    return _shown(Form())


@room.post("")
def save() -> Response:
    """Moves what was moved on the page that was seen, and nothing else."""
    form = Form.sent()
    moved = [switch for switch in (_moved(form, each) for each in form.get("seen[]", [])) if switch]
    with form.attempt():
        if moved:
            tell("PUT", SERVICE, ROOT, {"switches": moved}, version=form.get("version"))
        flash(_("Saved."))
        return redirect(url_for("portal_preferences.page"))  # type: ignore[return-value]
    if form.status == 412:
        form.alert = _("This has changed meanwhile, perhaps on another device. Look at it and save again.")
    return _shown(form)


def _moved(form: Form, seen: str) -> dict[str, Any] | None:
    """`seen` names a switch of the page, how it was, and the words beside it: `marketing.sms.off.<id>`."""
    kind, channel, was, wording_id = (seen.split(".") + [""] * 4)[:4]
    on = f"{kind}.{channel}" in form.get("on[]", [])
    if on == (was == "on"):
        return None
    words = {"wording_id": wording_id or None} if on and kind == "marketing" else {}
    return {"kind": kind, "channel": channel, "on": on, **words}


def _shown(form: Form) -> Response:
    try:
        found = ask(SERVICE, ROOT)
    except Refused as refused:
        if refused.status != 404:
            raise
        return show("portal/preferences.html", form=form, found=None)
    words = {each["channel"]: each for each in found["wordings"]}
    points = {each["channel"]: each for each in found["points"]}
    values = {"found": found, "rows": by_kind(found), "points": points, "words": words, "about": _about()}
    return show(
        "portal/preferences.html",
        form.status,
        form=form,
        kinds=messages.kinds(),
        channels=messages.channels(),
        suppressed=suppressed(),
        **values,
    )


def _about() -> dict[str, str]:
    return {
        "appointment": _("Confirmations, changes, and reminders of forms to fill in."),
        "service": _("How to prepare, and when to come."),
        "package": _("What is left of your packages, and tips."),
        "marketing": _("Offers, news and birthday wishes. Only if you say yes."),
        "transaction": _("Receipts, invoices and renewals."),
        "contract": _("Sign-in links, failed payments, changes of price. By e-mail they always come."),
    }
