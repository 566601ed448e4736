"""The section of a client's forms (P13 to P17) in the tab *Archivos*."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, all_of_client, ask, everything, tell
from services.web.filling.page import said
from services.web.forms import Form
from services.web.lists import branch_of, client
from services.web.pages import show
from services.web.passing import passed_on
from services.web.wire import done

room = Blueprint("client_forms", __name__, url_prefix="/clients/<uuid:client_id>/forms")

SERVICE, ROOT = "documents", "documents/form-assignments"
CHANGED = "forms-changed"
OPEN = ("assigned", "opened")


def states() -> dict[str, tuple[str, str]]:
    """What a state is called, and the tone of its mark."""
    return {
        "assigned": (_("Assigned"), "wait"),
        "opened": (_("Opened"), "wait"),
        "completed": (_("Completed"), "good"),
        "expired": (_("Expired"), "warn"),
        "removed": (_("Taken back"), "quiet"),
    }


@room.get("")
def section(client_id: UUID) -> Response:
    found = all_of_client(SERVICE, ROOT, str(client_id))
    values = {"client_id": client_id, "zone": branch_of(client(str(client_id)))["time_zone"], "said": said}
    return show("client_forms/section.html", forms=found, states=states(), open=OPEN, **values)


@room.get("/new")
def new(client_id: UUID) -> Response:
    return _assigning(client_id, Form())


@room.post("")
def assign(client_id: UUID) -> Response:
    form = Form.sent()
    if not form.get("form_ids[]"):
        form.refuse("form_ids", _("Choose at least one form."))
        return _assigning(client_id, form)
    with form.attempt():
        body = {"client_id": str(client_id), "form_ids": form.get("form_ids[]")}
        tell("POST", SERVICE, ROOT, body)
        return done(_("Assigned. The client finds it in the portal."), CHANGED)
    return _assigning(client_id, form)


@room.get("/<uuid:assignment_id>/answers")
def answers(client_id: UUID, assignment_id: UUID) -> Response:
    """What was answered. The reading is on record."""
    found, signed = ask(SERVICE, f"{ROOT}/{assignment_id}"), ask(SERVICE, f"{ROOT}/{assignment_id}/answers")
    values = {"client_id": client_id, "zone": branch_of(client(str(client_id)))["time_zone"], "said": said}
    return show("client_forms/answers.html", row=found, signed=signed, **values)


@room.get("/<uuid:assignment_id>/readings")
def readings(client_id: UUID, assignment_id: UUID) -> Response:
    found = ask(SERVICE, f"{ROOT}/{assignment_id}/readings", limit=100)["items"]
    zone = branch_of(client(str(client_id)))["time_zone"]
    row = ask(SERVICE, f"{ROOT}/{assignment_id}")
    return show("client_forms/readings.html", row=row, readings=found, zone=zone, said=said)


@room.get("/<uuid:assignment_id>/paper")
def paper(client_id: UUID, assignment_id: UUID) -> Response:
    """The PDF; moments after it was signed, back to the tab with a word on it."""
    download = {"download": "true"} if request.args.get("download") else {}
    try:
        return passed_on(SERVICE, f"{ROOT}/{assignment_id}/paper", **download)
    except Refused as refused:
        if refused.status != 409:
            raise
        flash(refused.detail)
        return redirect(url_for("files.page", client_id=client_id))  # type: ignore[return-value]


@room.get("/<uuid:assignment_id>/removal")
def ask_to_remove(client_id: UUID, assignment_id: UUID) -> Response:
    return _removing(client_id, assignment_id, Form())


@room.post("/<uuid:assignment_id>/removal")
def remove(client_id: UUID, assignment_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("DELETE", SERVICE, f"{ROOT}/{assignment_id}", version="*")
        return done(_("The form was taken back."), CHANGED)
    return _removing(client_id, assignment_id, form)


def _assigning(client_id: UUID, form: Form) -> Response:
    found = everything(SERVICE, "documents/forms", active="true")
    offered = [(row["id"], said(row["names"], row["name"])) for row in found]
    values: dict[str, Any] = {"client_id": client_id, "form": form, "offered": offered}
    return show("client_forms/new.html", form.status, **values)


def _removing(client_id: UUID, assignment_id: UUID, form: Form) -> Response:
    row = ask(SERVICE, f"{ROOT}/{assignment_id}")
    return show("client_forms/remove.html", form.status, client_id=client_id, row=row, form=form, said=said)
