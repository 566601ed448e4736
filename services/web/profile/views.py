"""The profile: a banner with what must not be overlooked, and under it the tabs, each loaded by itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import Refused, ask, tell
from services.web.forms import Form
from services.web.lists import branch_of, client, statuses
from services.web.pages import show
from services.web.people import whole_name
from services.web.profile.weights import Weights, weights_of
from services.web.recent import remember
from services.web.wire import done, is_htmx

room = Blueprint("profile", __name__)

CHANGED = "client-changed"
"""What the banner and the history listen to."""


@room.get("/clients/<uuid:client_id>")
def page(client_id: UUID) -> Response:
    return tab(client_id, "contact_details.page", lambda: Response())


def tab(client_id: UUID, endpoint: str, content: Callable[[], Response]) -> Response:
    """A tab: alone when the profile asks for it, else the whole profile, which then asks for it."""
    if is_htmx():
        return content()
    found = client(str(client_id))
    answer = show("profile/page.html", here=endpoint, **_banner_values(found))
    return remember(answer, str(client_id), whole_name(found))


@room.get("/clients/<uuid:client_id>/banner")
def banner(client_id: UUID) -> Response:
    return show("profile/banner.html", **_banner_values(client(str(client_id))))


def _banner_values(found: dict[str, Any]) -> dict[str, Any]:
    return {"client": found, "branch": branch_of(found), "weights": _weights(found)}


def _weights(found: dict[str, Any]) -> Weights | None:
    """None where the person may not see them: then nothing shows that there are any."""
    try:
        return weights_of(ask("clients", f"clients/{found['id']}/weights", limit=50)["items"], branch_of(found))
    except Refused as error:
        if error.status == 403:
            return None
        raise


@room.get("/clients/<uuid:client_id>/status")
def status(client_id: UUID) -> Response:
    found = client(str(client_id))
    return _status_form(found, Form({"status_id": found["status_id"], "version": found["version"]}))


@room.post("/clients/<uuid:client_id>/status")
def change_status(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"status_id": form.get("status_id"), "reason": form.get("reason")}
        tell("PUT", "clients", f"clients/{client_id}/status", body, version="*")
        return done(_("The status was changed."), CHANGED)
    return _status_form(client(str(client_id)), form)


def _status_form(found: dict[str, Any], form: Form) -> Response:
    choices = [row for row in statuses() if row["active"] or row["id"] == found["status_id"]]
    return show("profile/status.html", form.status, form=form, client=found, statuses=choices)


@room.get("/clients/<uuid:client_id>/booking-block")
def booking_block(client_id: UUID) -> Response:
    found = client(str(client_id))
    return show("profile/booking_block.html", form=Form(), client=found, branch=branch_of(found))


@room.post("/clients/<uuid:client_id>/booking-block")
def change_booking_block(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        blocked = form.get("blocked") == "true"
        body = {"blocked": blocked, "reason": form.get("reason")}
        tell("PUT", "clients", f"clients/{client_id}/booking-block", body, version="*")
        text = _("The client is on the appointment black list.") if blocked else _("The client may book online again.")
        return done(text, CHANGED)
    found = client(str(client_id))
    return show("profile/booking_block.html", form.status, form=form, client=found, branch=branch_of(found))


@room.get("/clients/<uuid:client_id>/weight")
def weight(client_id: UUID) -> Response:
    return _weight_form(client(str(client_id)), Form())


@room.post("/clients/<uuid:client_id>/weight")
def record_weight(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {
            "value": _decimal(form.get("value")),
            "unit": form.get("unit"),
            "taken_on": form.get("taken_on"),
        }
        tell("POST", "clients", f"clients/{client_id}/weights", body)
        return done(_("The weight was recorded."), CHANGED)
    return _weight_form(client(str(client_id)), form)


def _weight_form(found: dict[str, Any], form: Form) -> Response:
    branch = branch_of(found)
    return show("profile/weight.html", form.status, form=form, client=found, branch=branch, weights=_weights(found))


def _decimal(text: str) -> Any:
    """A number with a point or a comma; anything else goes to the API, which says what is wrong with it."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text
