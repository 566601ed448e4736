"""The tab *Preferencias* (P33 to P36b): five kinds and what a contract asks for, by three channels."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import Refused, ask, tell
from services.web.forms import Form
from services.web.lists import branch_of, client
from services.web.messages import wording as messages
from services.web.pages import show
from services.web.preferences import wording
from services.web.profile.views import tab
from services.web.wire import done

room = Blueprint("preferences", __name__, url_prefix="/clients/<uuid:client_id>/preferences")

SERVICE, ROOT = "notifications", "notifications/preferences"
CHANGED = "preferences-changed"


@room.get("")
def page(client_id: UUID) -> Response:
    """The tab: the switches, and the messages that went by them, each loaded by itself."""
    return tab(client_id, "preferences.page", lambda: show("preferences/tab.html", client_id=client_id))


@room.get("/switches")
def section(client_id: UUID) -> Response:
    return _section(client_id)


def _section(client_id: UUID, alert: str = "") -> Response:
    return show("preferences/section.html", alert=alert, **_values(client_id))


@room.post("/<kind>/<channel>/<any(on, off):to>")
def switch(client_id: UUID, kind: str, channel: str, to: str) -> Response:
    """Moves one switch, and shows all of them as they are then."""
    alert = ""
    try:
        _move(client_id, {"kind": kind, "channel": channel, "on": to == "on"}, request.args.get("version", "*"))
    except Refused as refused:
        if refused.status not in (412, 422):
            raise
        stale = _("Somebody changed this meanwhile: this is how it is now.")
        alert = stale if refused.status == 412 else refused.detail
    return _section(client_id, alert)


@room.get("/consent/<channel>")
def consent(client_id: UUID, channel: str) -> Response:
    """Marketing is switched on with the words that the client agrees to."""
    return _consent(client_id, channel, Form({"given": "in_person"}))


@room.post("/consent/<channel>")
def agree(client_id: UUID, channel: str) -> Response:
    form = Form.sent()
    with form.attempt():
        words = {"wording_id": form.get("wording_id") or None, "given": form.get("given") or None}
        _move(client_id, {"kind": "marketing", "channel": channel, "on": True, **words}, form.get("version"))
        return done(_("The consent was kept, with its words."), CHANGED)
    if form.status == 412:
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
        form.values["version"] = form.problem.get("version", "*")
    return _consent(client_id, channel, form)


@room.get("/history")
def history(client_id: UUID) -> Response:
    """Who moved which switch, when, from where, for which address: the proof of consent."""
    found = ask(SERVICE, f"{ROOT}/{client_id}/history", cursor=request.args.get("cursor"), limit=30)
    values = {"zone": branch_of(client(str(client_id)))["time_zone"], "given": dict(wording.given())}
    return show("preferences/history.html", client_id=client_id, found=found, **values, **_words())


def _move(client_id: UUID, moved: dict[str, Any], version: str) -> None:
    tell("PUT", SERVICE, f"{ROOT}/{client_id}", {"switches": [moved]}, version=version)


def _values(client_id: UUID) -> dict[str, Any]:
    try:
        found = ask(SERVICE, f"{ROOT}/{client_id}")
    except Refused as refused:
        if refused.status != 404:  # notifications has not heard of the client yet, moments after they registered
            raise
        return {"client_id": client_id, "found": None}
    points = {each["channel"]: each for each in found["points"]}
    zone = branch_of(client(str(client_id)))["time_zone"]
    shown = {"found": found, "rows": wording.by_kind(found), "points": points, "zone": zone}
    return {"client_id": client_id, **shown, **_words()}


def _words() -> dict[str, Any]:
    return {
        "kinds": messages.kinds(),
        "about": wording.about(),
        "channels": messages.channels(),
        "icons": messages.icons(),
        "sources": wording.sources(),
        "suppressed": wording.suppressed(),
    }


def _consent(client_id: UUID, channel: str, form: Form) -> Response:
    found = ask(SERVICE, f"{ROOT}/{client_id}")
    words = next((each for each in found["wordings"] if each["channel"] == channel), None)
    point = next((each for each in found["points"] if each["channel"] == channel), None)
    form.values.setdefault("version", found["version"])
    values = {"client_id": client_id, "channel": channel, "words": words, "point": point}
    return show("preferences/consent.html", form.status, form=form, given=wording.given(), **values, **_words())
