"""A client's memberships: what comes next, what was paid, which card pays, what can still be used."""

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import ask, everything, tell
from services.web.forms import Form
from services.web.pages import show
from services.web.portal.said import labels, outcomes

room = Blueprint("portal_memberships", __name__, url_prefix="/portal/memberships")

ROOT = "memberships/me"


@room.get("")
def page() -> Response:
    return show("portal/memberships.html")


@room.get("/list")
def listed() -> Response:
    rows = ask("memberships", ROOT)["items"]
    return show("portal/memberships_list.html", memberships=rows, labels=labels())


@room.get("/credits")
def credits() -> Response:
    return show("portal/credits.html", credits=everything("memberships", f"{ROOT}/credits"))


@room.get("/<uuid:membership_id>")
def one(membership_id: UUID) -> Response:
    """With the card chosen that was just added, if any."""
    return _one(membership_id, Form({"card_id": request.args.get("card", "")}))


@room.post("/<uuid:membership_id>/card")
def pay_with(membership_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"card_id": form.get("card_id")}
        tell("PUT", "memberships", f"{ROOT}/{membership_id}/card", body, key=form.key)
        return redirect(url_for("portal_memberships.one", membership_id=membership_id))  # type: ignore[return-value]
    return _one(membership_id, form)


def _one(membership_id: UUID, form: Form) -> Response:
    rows = ask("memberships", ROOT)["items"]
    found = next((row for row in rows if row["id"] == str(membership_id) and row["pays"]), None)
    if found is None:
        return show("complaint.html", 404, text=_("This is not here any more, or you may not see it."), again=False)
    payments = ask("memberships", f"{ROOT}/{membership_id}/payments", limit=100)["items"]
    held = everything("memberships", f"{ROOT}/cards")
    values = {"membership": found, "payments": payments, "cards": held, "labels": labels(), "outcomes": outcomes()}
    return show("portal/membership.html", form.status, form=form, **values)
