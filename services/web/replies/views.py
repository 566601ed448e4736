"""Replies: the newest of all clients under *Marketing*, and a client's own in the tab *Preferencias*."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.lists import branch_of, client
from services.web.pages import show
from services.web.wire import done, is_htmx

room = Blueprint("replies", __name__)

SERVICE, ROOT = "notifications", "notifications/replies"
CHANGED = "replies-changed"


@room.get("/marketing/replies")
def page() -> Response:
    """The whole page; the table alone when it is filtered, or when one was read."""
    asked = {"unread": "true" if request.args.get("unread") == "true" else "", "cursor": request.args.get("cursor", "")}
    found = ask(SERVICE, ROOT, limit=50, **asked)
    template = "replies/table.html" if is_htmx() else "replies/page.html"
    return show(template, found=found, asked=asked, zone=branch_of(None)["time_zone"])


@room.get("/clients/<uuid:client_id>/replies")
def section(client_id: UUID) -> Response:
    """The newest, and more of them with a cursor; nothing at all for who has never written."""
    found = ask(SERVICE, ROOT, client_id=str(client_id), limit=20, cursor=request.args.get("cursor"))
    zone = branch_of(client(str(client_id)))["time_zone"]
    template = "replies/rows.html" if "cursor" in request.args else "replies/section.html"
    return show(template, found=found, client_id=client_id, zone=zone)


@room.post("/marketing/replies/<uuid:reply_id>/read")
def read(reply_id: UUID) -> Response:
    tell("PUT", SERVICE, f"{ROOT}/{reply_id}/read")
    return done(_("Marked as read."), CHANGED)
