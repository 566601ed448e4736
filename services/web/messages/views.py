"""The section of a client's messages in the tab *Preferencias*, and the dialogs around it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import Refused, ask, tell
from services.web.forms import Form
from services.web.lists import branch_of, client
from services.web.messages import wording
from services.web.pages import show
from services.web.security import framed
from services.web.wire import done

room = Blueprint("messages", __name__, url_prefix="/clients/<uuid:client_id>/messages")

CHANGED = "messages-changed"
PATH = "notifications/messages"


@room.get("")
def section(client_id: UUID) -> Response:
    """The newest, and more of them with a cursor."""
    found = _found(client_id, request.args.get("cursor"))
    values = {"client_id": client_id, "branch": branch_of(client(str(client_id))), "texts": _titles(), **_words()}
    template = "messages/rows.html" if "cursor" in request.args else "messages/part.html"
    return show(template, found=found, **values)


def _found(client_id: UUID, cursor: str | None) -> dict[str, Any]:
    """Nothing while notifications has not heard of the client yet, moments after they registered."""
    try:
        return dict(ask("notifications", PATH, client_id=str(client_id), limit=20, cursor=cursor))
    except Refused as refused:
        if refused.status == 404:
            return {"items": [], "next_cursor": None}
        raise


@room.get("/new")
def new(client_id: UUID) -> Response:
    return _form(client_id, Form({"channel": "sms", "kind": "service"}))


@room.post("")
def write(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {name: form.get(name) for name in ("channel", "kind", "title", "text")}
        if body["channel"] == "sms":
            body["title"] = ""
        body["client_id"] = str(client_id)
        tell("POST", "notifications", PATH, body, key=form.key)
        return done(_("The message is on its way. Below you see whether it went."), CHANGED)
    return _form(client_id, form)


@room.get("/<uuid:message_id>")
def one(client_id: UUID, message_id: UUID) -> Response:
    message = ask("notifications", f"{PATH}/{message_id}")
    branch = branch_of(client(str(client_id)))
    return show("messages/one.html", message=message, client_id=client_id, branch=branch, texts=_titles(), **_words())


@room.get("/<uuid:message_id>/mail")
def mail(client_id: UUID, message_id: UUID) -> Response:
    """The e-mail itself, for a frame."""
    message = ask("notifications", f"{PATH}/{message_id}")
    return framed(Response(message["html"] or "", content_type="text/html; charset=utf-8"))


def _form(client_id: UUID, form: Form) -> Response:
    kinds = [(key, text) for key, text in wording.kinds().items() if key != "contract"]
    values = {"client_id": client_id, "form": form, "channels": wording.channels().items(), "kinds": kinds}
    return show("messages/new.html", form.status, **values)


def _words() -> dict[str, Any]:
    return {
        "channels": wording.channels(),
        "icons": wording.icons(),
        "states": wording.states(),
        "bad": wording.BAD,
        "why": wording.why,
    }


def _titles() -> dict[str, str]:
    """What each type of message is called."""
    return {each["type"]: each["title"] for each in ask("notifications", "notifications/templates")["items"]}
