"""Removing a membership (P26): the fee, how it came about and the choices, before anything happens."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from services.web.backend import tell
from services.web.forms import Form
from services.web.lists import named, services
from services.web.memberships.views import CHANGED, ROOT, one
from services.web.pages import show
from services.web.quotes import QUOTE, Quote, quote, two_steps
from services.web.wire import done

room = Blueprint(
    "cancellations", __name__, url_prefix="/clients/<uuid:client_id>/memberships/<uuid:membership_id>/cancellation"
)
ACT = "cancellation"


@room.get("")
def page(client_id: UUID, membership_id: UUID) -> Response:
    found = one(membership_id)
    if found["label"] == "leaving":
        return show("cancellations/waits.html", client_id=client_id, membership=found, form=Form())
    return _form(client_id, found, Form({"at": "period_end", "waive": "false"}))


@room.post("")
def leave(client_id: UUID, membership_id: UUID) -> Response:
    form, found = Form.sent(), one(membership_id)

    def do(quote_id: str) -> Response:
        tell("POST", ROOT, f"{ROOT}/{membership_id}/cancellation", {"quote_id": quote_id}, key=form.key)
        return done(_("The membership was cancelled."), CHANGED)

    def shown(made: Quote) -> Response:
        lapsing = _lapsing(made)
        values = {"client_id": client_id, "membership": found, "form": form, "quote": made, "lapsing": lapsing}
        return show("cancellations/quote.html", form.status, **values)

    inputs = _inputs(found, form)
    return two_steps(form, ACT, lambda: inputs, do, lambda: _form(client_id, found, form), shown)


@room.post("/withdrawal")
def withdraw(client_id: UUID, membership_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("DELETE", ROOT, f"{ROOT}/{membership_id}/cancellation")
        return done(_("The membership goes on."), CHANGED)
    found = one(membership_id)
    return show("cancellations/waits.html", form.status, client_id=client_id, membership=found, form=form)


def _form(client_id: UUID, found: dict[str, Any], form: Form) -> Response:
    """The choices, each with its fee and its last day: from a quote that nobody takes."""
    outlook: Quote | None = None
    with form.attempt():
        outlook = quote(ACT, {"membership_id": found["id"], "at": form.get("at") or "period_end"})
    form.values.pop(QUOTE, None)
    values = {"client_id": client_id, "membership": found, "form": form, "outlook": outlook}
    return show("cancellations/page.html", form.status, **values)


def _inputs(found: dict[str, Any], form: Form) -> dict[str, Any]:
    waive = form.get("waive") == "true"
    typed = {"at": form.get("at"), "waive": waive, "reason": form.get("reason")}
    return typed | {"membership_id": found["id"], "waive_reason": form.get("waive_reason") if waive else ""}


def _lapsing(made: Quote) -> list[str]:
    """3 × Limpieza facial."""
    names = named(services()) if made["more"]["lapsing"] else {}
    return [
        f"{row['available']} × {row['category'] or names.get(str(row['service_id']), _('(no longer known)'))}"
        for row in made["more"]["lapsing"]
    ]
