"""What is never written to, under Configuración: found by the whole address, kept off by hand, let in again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.forms import Form
from services.web.lists import branch_of
from services.web.messages import wording as messages
from services.web.pages import show
from services.web.preferences.wording import suppressed
from services.web.wire import done, is_htmx

room = Blueprint("suppressions", __name__, url_prefix="/settings/suppressions")

SERVICE, ROOT = "notifications", "notifications/suppressions"
CHANGED = "suppressions-changed"
CHANNELS = ("email", "sms")


@room.get("")
def listing() -> Response:
    """The whole page; the table alone when it is filtered, or when something changed."""
    asked = {name: request.args.get(name, "").strip() for name in ("address", "channel", "reason", "cursor")}
    asked["lifted"] = "true" if request.args.get("lifted") == "true" else ""
    found = ask(SERVICE, ROOT, limit=50, **asked)
    template = "suppressions/table.html" if is_htmx() else "suppressions/page.html"
    return show(template, found=found, asked=asked, zone=branch_of(None)["time_zone"], **_words())


@room.get("/new")
def new() -> Response:
    return _form(Form())


@room.post("")
def add() -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, ROOT, {name: form.get(name) for name in ("channel", "address", "note")})
        return done(_("Nothing is sent there from now on."), CHANGED)
    return _form(form)


@room.get("/<uuid:suppression_id>/lift")
def ask_first(suppression_id: UUID) -> Response:
    return _lifting(suppression_id, Form())


@room.post("/<uuid:suppression_id>/lift")
def lift(suppression_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, f"{ROOT}/{suppression_id}/lift", {"reason": form.get("reason")})
        return done(_("Messages may go there again."), CHANGED)
    return _lifting(suppression_id, form)


def _words() -> dict[str, Any]:
    channels = {key: text for key, text in messages.channels().items() if key in CHANNELS}
    return {"channels": channels, "icons": messages.icons(), "reasons": suppressed()}


def _form(form: Form) -> Response:
    return show("suppressions/new.html", form.status, form=form, **_words())


def _lifting(suppression_id: UUID, form: Form) -> Response:
    return show("suppressions/lift.html", form.status, form=form, suppression_id=suppression_id)
