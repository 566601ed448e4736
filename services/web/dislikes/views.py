"""The tab of the services that a client must never be booked for."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import Refused, everything, tell
from services.web.forms import Form
from services.web.lists import branch_of, client, services
from services.web.pages import show
from services.web.profile.views import tab
from services.web.wire import done

room = Blueprint("dislikes", __name__, url_prefix="/clients/<uuid:client_id>/dislikes")

CHANGED = "dislikes-changed"


@room.get("")
def page(client_id: UUID) -> Response:
    def content() -> Response:
        found = everything("clients", f"clients/{client_id}/dislikes")
        return show("dislikes/tab.html", client_id=client_id, dislikes=found, branch=branch_of(client(str(client_id))))

    return tab(client_id, "dislikes.page", content)


@room.get("/new")
def new(client_id: UUID) -> Response:
    return _form(client_id, Form())


@room.post("")
def add(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"service_id": form.get("service_id"), "comment": form.get("comment")}
        tell("POST", "clients", f"clients/{client_id}/dislikes", body)
        return done(_("From now on nobody can book that service for this client."), CHANGED)
    return _form(client_id, form)


@room.get("/<uuid:dislike_id>")
def edit(client_id: UUID, dislike_id: UUID) -> Response:
    found = _one(client_id, dislike_id)
    return _form(client_id, Form({name: found[name] for name in ("service_id", "comment", "version")}), found)


@room.post("/<uuid:dislike_id>")
def change(client_id: UUID, dislike_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"service_id": form.get("service_id"), "comment": form.get("comment")}
        tell("PATCH", "clients", f"clients/{client_id}/dislikes/{dislike_id}", body, version=form.get("version"))
        return done(_("The change was saved."), CHANGED)
    found = _one(client_id, dislike_id)
    if form.status == 412:
        form.values["version"] = found["version"]
        theirs = f"{found['service_name']}, “{found['comment']}”"
        form.alert = _(
            "Somebody changed this in the meantime to %(theirs)s. Save to put yours in its place.", theirs=theirs
        )
    return _form(client_id, form, found)


@room.get("/<uuid:dislike_id>/remove")
def ask_to_remove(client_id: UUID, dislike_id: UUID) -> Response:
    return _question(client_id, _one(client_id, dislike_id), Form())


@room.post("/<uuid:dislike_id>/remove")
def remove(client_id: UUID, dislike_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("DELETE", "clients", f"clients/{client_id}/dislikes/{dislike_id}", version="*")
        return done(_("The service may be booked for this client again."), CHANGED)
    return _question(client_id, _one(client_id, dislike_id), form)


def _one(client_id: UUID, dislike_id: UUID) -> dict[str, Any]:
    """Raises Refused when somebody else has removed it."""
    rows = everything("clients", f"clients/{client_id}/dislikes")
    found = next((row for row in rows if row["id"] == str(dislike_id)), None)
    if found is None:
        raise Refused(404)
    return dict(found)


def _form(client_id: UUID, form: Form, dislike: dict[str, Any] | None = None) -> Response:
    choices: dict[str, list[dict[str, Any]]] = {}
    for service in services():
        if service["active"] or service["id"] == form.get("service_id"):
            choices.setdefault(service["category"], []).append(service)
    return show("dislikes/form.html", form.status, client_id=client_id, form=form, dislike=dislike, choices=choices)


def _question(client_id: UUID, dislike: dict[str, Any], form: Form) -> Response:
    return show("dislikes/remove.html", form.status, client_id=client_id, dislike=dislike, form=form)
