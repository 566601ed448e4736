"""The rules of messages under Configuración: the chain's, and what a branch has otherwise."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.forms import Form, flat
from services.web.lists import branches
from services.web.messages import wording as messages
from services.web.pages import show
from services.web.settings.section import whole
from services.web.wire import done, is_htmx

room = Blueprint("message_rules", __name__, url_prefix="/settings/message-rules")

SERVICE, ROOT = "notifications", "notifications/settings"
NUMBERS = ("marketing_most", "marketing_days")
TIMES = ("opens", "closes")
SENDER = ("from", "reply_to", "number")


@room.get("")
def listing() -> Response:
    """The rules of the chain, or of the branch that is chosen."""
    branch_id = request.args.get("branch", "")
    found = ask(SERVICE, _path(branch_id))
    return _page(branch_id, found, Form(_shown(found["own"]) | {"version": found["version"]}))


@room.post("")
def change() -> Response:
    form = Form.sent()
    branch_id = form.get("branch")
    with form.attempt():
        tell("PUT", SERVICE, _path(branch_id), _document(form), version=str(form.get("version")))
        return done(_("The rules were saved."), go=url_for("message_rules.listing", branch=branch_id or None))
    if form.status == 412:
        form.values["version"] = form.problem.get("version", "*")
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _page(branch_id, ask(SERVICE, _path(branch_id)), form)


def _path(branch_id: str) -> str:
    return f"{ROOT}/{branch_id}" if branch_id else ROOT


def _shown(own: dict[str, Any]) -> dict[str, Any]:
    values = dict(flat(own))
    return {name: ("on" if value else "off") if isinstance(value, bool) else value for name, value in values.items()}


def _document(form: Form) -> dict[str, Any]:
    """Only what was set: the rest holds as the chain says, or as it is by default."""
    typed = form.nested()
    body: dict[str, Any] = {name: form.get(name).strip() for name in TIMES if form.get(name).strip()}
    body |= {name: whole(str(form.get(name))) for name in NUMBERS if str(form.get(name)).strip()}
    chosen = {
        kind: {channel: value == "on" for channel, value in row.items() if value}
        for kind, row in typed.get("defaults", {}).items()
    }
    if defaults := {kind: row for kind, row in chosen.items() if row}:
        body["defaults"] = defaults
    if sender := {name: value for name, value in typed.get("sender", {}).items() if value.strip()}:
        body["sender"] = sender
    return body


def _page(branch_id: str, found: dict[str, Any], form: Form) -> Response:
    values = {
        "branch_id": branch_id,
        "branches": [(row["id"], row["name"]) for row in branches() if row["active"]],
        "in_force": found["in_force"],
        "kinds": messages.kinds(),
        "channels": messages.channels(),
        "sender": SENDER,
    }
    template = "message_rules/form.html" if is_htmx() and request.method == "POST" else "message_rules/page.html"
    return show(template, form.status, form=form, **values)
