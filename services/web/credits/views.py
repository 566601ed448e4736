"""Credits of a membership (P22) and services bought ahead (P45): what is left, and what happened to it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import all_of_client, ask, everything, tell
from services.web.forms import Form, blank_to_none
from services.web.lists import branch_of, branches, client, options, services
from services.web.memberships.views import CHANGED, ROOT, one
from services.web.pages import show
from services.web.wire import done

room = Blueprint("credits", __name__, url_prefix="/clients/<uuid:client_id>")

BOUGHT = "service-credits-changed"


def states() -> dict[str, str]:
    return {
        "active": _("Can be used"),
        "suspended": _("On hold"),
        "expired": _("Expired"),
        "withdrawn": _("Taken away"),
    }


def withheld() -> dict[str, str]:
    """Why a credit cannot be used today."""
    return {
        "frozen": _("The membership is frozen"),
        "past_due": _("A payment is missing"),
        "membership_suspended": _("The membership is suspended"),
    }


def movements() -> dict[str, str]:
    return {
        "issued": _("Earned"),
        "rolled_in": _("Taken over from the period before"),
        "held": _("Kept for an appointment"),
        "used": _("Used"),
        "released": _("Free again"),
        "expired": _("Expired"),
        "withdrawn": _("Taken away"),
        "removed": _("Removed"),
        "restored": _("Given back"),
        "changed": _("Changed"),
    }


@room.get("/memberships/<uuid:membership_id>/credits")
def page(client_id: UUID, membership_id: UUID) -> Response:
    found = everything(ROOT, f"{ROOT}/{membership_id}/credits")
    of: dict[str, Any] = {
        "client_id": client_id,
        "credits": list(reversed(found)),
        "states": states(),
        "withheld": withheld(),
    }
    return show("credits/page.html", membership=one(membership_id), **of)


@room.get("/service-credits")
def bought(client_id: UUID) -> Response:
    """Services bought ahead, under the memberships."""
    found = all_of_client(ROOT, f"{ROOT}/service-credits", str(client_id))
    of: dict[str, Any] = {
        "client_id": client_id,
        "credits": list(reversed(found)),
        "states": states(),
        "withheld": withheld(),
    }
    return show("credits/bought.html", **of)


@room.get("/service-credits/new")
def new(client_id: UUID) -> Response:
    return _add(client_id, Form({"quantity": "1", "branch_id": branch_of(client(str(client_id))).get("id", "")}))


@room.post("/service-credits")
def add(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        names = ("branch_id", "service_id", "expires_on", "comment")
        body = blank_to_none({name: form.get(name) for name in names}, "expires_on")
        body |= {"client_id": str(client_id), "quantity": _whole(form.get("quantity"))}
        tell("POST", ROOT, f"{ROOT}/service-credits", body, key=form.key)
        return done(_("The service credits were added."), BOUGHT)
    return _add(client_id, form)


@room.get("/credits/<uuid:credit_id>")
def edit(client_id: UUID, credit_id: UUID) -> Response:
    found = _one(credit_id)
    return _edit(client_id, found, Form({**_seen(found), "status": found["status"], "expires_on": found["expires_on"]}))


@room.post("/credits/<uuid:credit_id>")
def change(client_id: UUID, credit_id: UUID) -> Response:
    """Another status or expiry, with a reason: only what was changed here is sent."""
    form, found = Form.sent(), _one(credit_id)
    typed = {"status": form.get("status"), "expires_on": form.get("expires_on")}
    with form.attempt():
        body = {name: value or None for name, value in typed.items() if value != form.get(f"seen_{name}")}
        body["reason"] = form.get("reason")
        tell("PATCH", ROOT, f"{ROOT}/credits/{credit_id}", body, version=form.get("version"))
        return done(_("The credit was changed."), BOUGHT, CHANGED)
    if form.status == 412:
        form.values |= _seen(found)
        form.alert = _("Somebody changed this while you were editing. Save again to put yours in its place.")
    return _edit(client_id, found, form)


@room.get("/credits/<uuid:credit_id>/removal")
def ask_to_remove(client_id: UUID, credit_id: UUID) -> Response:
    return _removal(client_id, _one(credit_id), Form())


@room.post("/credits/<uuid:credit_id>/removal")
def remove(client_id: UUID, credit_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {"comment": form.get("comment")}
        if form.get("quantity").strip():
            body["quantity"] = _whole(form.get("quantity"))
        tell("POST", ROOT, f"{ROOT}/service-credits/{credit_id}/removal", body, key=form.key)
        return done(_("The service credits were removed."), BOUGHT)
    return _removal(client_id, _one(credit_id), form)


def _seen(found: dict[str, Any]) -> dict[str, Any]:
    """What the person has seen of it, to be sent along."""
    names = ("status", "expires_on")
    return {"version": found["version"], **{f"seen_{name}": found[name] or "" for name in names}}


def _one(credit_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(ROOT, f"{ROOT}/credits/{credit_id}")
    return found


def _add(client_id: UUID, form: Form) -> Response:
    sold = [(row["id"], row["name"]) for row in services() if row["active"]]
    places = options(branches(), form.get("branch_id"))
    return show("credits/add.html", form.status, client_id=client_id, form=form, services=sold, branches=places)


def _edit(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    log = everything(ROOT, f"{ROOT}/credits/{found['id']}/movements")
    choices = [item for item in states().items() if item[0] != "expired" or found["status"] == "expired"]
    values = {"client_id": client_id, "credit": found, "form": form, "log": log, "states": choices}
    return show("credits/edit.html", form.status, movements=movements(), **values)


def _removal(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    return show("credits/remove.html", form.status, client_id=client_id, credit=found, form=form)


def _whole(text: str) -> Any:
    return int(text) if text.strip().isdecimal() else text
