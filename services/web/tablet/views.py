"""Handing a screen over (P17): the session of staff is locked to one form until somebody types their password.

The form is opened with the token of the handover, and never with the rights of whoever is signed in.
"""

from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, session, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, send_open, tell
from services.web.filling import page as filling
from services.web.forms import Form
from services.web.pages import show
from services.web.passing import passed_on_openly
from services.web.portal.place import is_portal
from services.web.session.opening import begin, forget_portal, tokens
from services.web.wire import done as did

room = Blueprint("tablet", __name__, url_prefix="/tablet")

SERVICE, ROOT = "documents", "documents/handovers"


@room.before_app_request
def lock() -> Response | None:
    """Whatever is asked for while the screen is handed over leads back to the form."""
    if "tablet" not in session or request.blueprint in ("tablet", "appearance", "security", "language"):
        return None
    if request.endpoint in (None, "sign_in.leave") or is_portal():
        return None
    away: Response = redirect(url_for("tablet.page"))  # type: ignore[assignment]
    if "HX-Request" in request.headers:
        away = Response(status=204, headers={"HX-Redirect": url_for("tablet.page")})
    return away


@room.post("/<uuid:assignment_id>")
def hand_over(assignment_id: UUID) -> Response:
    """Locks this screen to the form. A client who was in at the portal on it is out."""
    made = tell("POST", SERVICE, f"documents/form-assignments/{assignment_id}/handover")
    session["tablet"] = {"token": made["token"], "client_id": request.form["client_id"]}
    answer = did(_("Hand the screen to the client."), go=url_for("tablet.page"))
    forget_portal(answer)
    return answer


@room.get("")
def page() -> Response:
    held = session.get("tablet")
    if held is None:
        return redirect(url_for("clients.page"))  # type: ignore[return-value]
    try:
        form = send_open("GET", SERVICE, f"{ROOT}/{held['token']}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return show("tablet/done.html", form=Form(), over=True)
    title = filling.said(form["form_names"], form["form_name"])
    return show("tablet/fill.html", form=form, title=title)


@room.put("/draft")
def save() -> Response:
    return filling.keep(_tell)


@room.post("/submission")
def send() -> Response:
    return filling.sign(_tell)


@room.get("/done")
def done() -> Response:
    return show("tablet/done.html", form=Form(), over=False)


@room.get("/images/<uuid:image_id>")
def image(image_id: UUID) -> Response:
    return passed_on_openly(SERVICE, f"documents/forms/images/{image_id}")


@room.post("/return")
def give_back() -> Response:
    """Staff has the screen again, with the password of whoever handed it over."""
    form, held = Form.sent(), session.get("tablet")
    if held is None or g.person is None:
        return redirect(url_for("clients.page"))  # type: ignore[return-value]
    with form.attempt():
        before = g.person
        signed_in = tokens().sign_in(before.username, form.get("password") or "-", request.remote_addr or "")
        tokens().end(before)
        begin(*signed_in, before.username)
        session.pop("tablet")
        return redirect(url_for("files.page", client_id=held["client_id"]))  # type: ignore[return-value]
    return show("tablet/done.html", 422, form=form, over=False)


def _tell(method: str, what: str, body: object, version: str) -> object:
    return send_open(method, SERVICE, f"{ROOT}/{session['tablet']['token']}/{what}", body, version=version)
