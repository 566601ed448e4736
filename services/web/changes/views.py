"""The panel with the history of changes: who, when, from what to what, where, why."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from services.web.backend import ask
from services.web.lists import branch_of, client
from services.web.pages import show
from services.web.wording import Wording, channels, doer

room = Blueprint("changes", __name__)


@room.get("/clients/<uuid:client_id>/changes")
def panel(client_id: UUID) -> Response:
    cursor = request.args.get("cursor")
    found = ask("clients", f"clients/{client_id}/changes", limit=25, cursor=cursor)
    wording, where = Wording(), channels()
    return show(
        "changes/entries.html" if cursor else "changes/panel.html",
        entries=[_told(entry, wording, where) for entry in found["items"]],
        more=found["next_cursor"] and url_for("changes.panel", client_id=client_id, cursor=found["next_cursor"]),
        branch=branch_of(client(str(client_id))),
    )


def _told(entry: dict[str, Any], wording: Wording, where: dict[str, str]) -> dict[str, Any]:
    fields = [
        {"name": wording.label(name), "from": wording.said(name, was), "to": wording.said(name, now)}
        for name, (was, now) in entry["changes"].items()
    ]
    return {**entry, "by": doer(entry), "where": where.get(entry["channel"], ""), "did": _did(entry), "fields": fields}


def _did(entry: dict[str, Any]) -> str:
    """In one word what happened, where it was more than a field."""
    values = list(entry["changes"].values())
    if entry["kind"] == "dislike":
        if values and all(was is None for was, _now in values):
            return _("Added a service that the client does not want")
        if values and all(now is None for _was, now in values):
            return _("Removed a service that the client did not want")
        return _("Changed a service that the client does not want")
    if entry["kind"] == "client" and entry["version"] == 1:
        return _("Added the client")
    return ""
