"""Memberships that pause for a while: planned, begun, ended earlier."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import ask, everything, tell
from services.web.forms import Form, blank_to_none
from services.web.memberships.said import modes, zone_of
from services.web.memberships.views import CHANGED, ROOT, one
from services.web.pages import show
from services.web.quotes import two_steps
from services.web.wire import done

room = Blueprint("freezes", __name__, url_prefix="/clients/<uuid:client_id>/memberships/<uuid:membership_id>/freezes")


@room.get("")
def page(client_id: UUID, membership_id: UUID) -> Response:
    return _form(client_id, one(membership_id), Form())


@room.post("")
def freeze(client_id: UUID, membership_id: UUID) -> Response:
    form, found = Form.sent(), one(membership_id)

    def do(quote_id: str) -> Response:
        tell("POST", ROOT, f"{ROOT}/{membership_id}/freeze", {"quote_id": quote_id}, key=form.key)
        return done(_("The membership is frozen for those days."), CHANGED)

    typed = {name: form.get(name) for name in ("mode", "starts_on", "ends_on", "reason")}
    return two_steps(
        form,
        "freeze",
        lambda: blank_to_none(typed, "starts_on") | {"membership_id": str(membership_id)},
        do,
        lambda: _form(client_id, found, form),
        lambda quote: show(
            "freezes/quote.html", form.status, client_id=client_id, membership=found, form=form, quote=quote
        ),
    )


@room.post("/<uuid:freeze_id>/end")
def end(client_id: UUID, membership_id: UUID, freeze_id: UUID) -> Response:
    """Shows first what it does to end it today; a freeze that has not begun is withdrawn."""
    form, found = Form.sent(), one(membership_id)

    def do(quote_id: str) -> Response:
        tell("POST", ROOT, f"{ROOT}/{membership_id}/freeze-end", {"quote_id": quote_id}, key=form.key)
        return done(_("The freeze has ended."), CHANGED)

    return two_steps(
        form,
        "unfreeze",
        lambda: {"membership_id": str(membership_id), "freeze_id": str(freeze_id)},
        do,
        lambda: _form(client_id, found, form),
        lambda quote: show(
            "freezes/end_quote.html",
            form.status,
            client_id=client_id,
            membership=found,
            freeze_id=freeze_id,
            form=form,
            quote=quote,
        ),
    )


def _form(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    freezes = everything(ROOT, f"{ROOT}/{found['id']}/freezes")
    plan = ask(ROOT, f"{ROOT}/plans/{found['plan_id']}")
    offered = {rule["mode"] for rule in plan["terms"]["freezing"]["rules"]}
    return show(
        "freezes/page.html",
        form.status,
        client_id=client_id,
        membership=found,
        form=form,
        freezes=[row for row in freezes if row["state"] != "withdrawn"],
        modes=modes(),
        offered=offered,
        zone=zone_of(found["branch_id"]),
    )
