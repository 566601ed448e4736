"""The forms that a client is to fill in, and has: in the portal (P17)."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, everything, tell
from services.web.filling import page as filling
from services.web.pages import show
from services.web.passing import passed_on, passed_on_openly

room = Blueprint("portal_forms", __name__, url_prefix="/portal/forms")

SERVICE, ROOT = "documents", "documents/me/forms"
OPEN = ("assigned", "opened")


@room.get("")
def page() -> Response:
    return show("portal/forms.html")


@room.get("/list")
def listed() -> Response:
    found = everything(SERVICE, ROOT)
    waiting = [row for row in found if row["state"] in OPEN]
    return show("portal/forms_list.html", waiting=waiting, done=[row for row in found if row not in waiting])


@room.get("/first")
def first() -> Response:
    """What is to be filled in, for the first page."""
    waiting = [row for row in everything(SERVICE, ROOT) if row["state"] in OPEN]
    return show("portal/forms_first.html", forms=waiting)


@room.get("/<uuid:assignment_id>")
def fill(assignment_id: UUID) -> Response:
    """The form, with what was typed so far; one that was sent already leads to the list."""
    form = tell("POST", SERVICE, f"{ROOT}/{assignment_id}/opening")
    if form["state"] not in OPEN:
        return redirect(url_for("portal_forms.page"))  # type: ignore[return-value]
    return show("portal/form.html", form=form, title=filling.said(form["form_names"], form["form_name"]))


@room.put("/<uuid:assignment_id>/draft")
def save(assignment_id: UUID) -> Response:
    return filling.keep(_tell(assignment_id))


@room.post("/<uuid:assignment_id>/submission")
def send(assignment_id: UUID) -> Response:
    return filling.sign(_tell(assignment_id))


@room.get("/<uuid:assignment_id>/done")
def done(assignment_id: UUID) -> Response:
    flash(_("Thank you. The form was sent."))
    return redirect(url_for("portal_forms.page"))  # type: ignore[return-value]


@room.get("/<uuid:assignment_id>/paper")
def paper(assignment_id: UUID) -> Response:
    """What was signed; moments after it was sent, the list again, which says that it is being made."""
    download = {"download": "true"} if request.args.get("download") else {}
    try:
        return passed_on(SERVICE, f"{ROOT}/{assignment_id}/paper", **download)
    except Refused as refused:
        if refused.status != 409:
            raise
        flash(refused.detail)
        return redirect(url_for("portal_forms.page"))  # type: ignore[return-value]


@room.get("/images/<uuid:image_id>")
def image(image_id: UUID) -> Response:
    return passed_on_openly(SERVICE, f"documents/forms/images/{image_id}")


def _tell(assignment_id: UUID) -> filling.Tell:
    return lambda method, what, body, version: tell(
        method, SERVICE, f"{ROOT}/{assignment_id}/{what}", body, version=version
    )
