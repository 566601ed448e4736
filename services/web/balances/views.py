"""The account balance in the banner (P42), its log, and what is added or subtracted by hand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from services.web.amounts import minor
from services.web.backend import Refused, Unreachable, ask, tell
from services.web.forms import Form
from services.web.lists import branch_of, branches, client, options
from services.web.memberships.said import currency_of
from services.web.pages import show
from services.web.wire import done

room = Blueprint("balances", __name__, url_prefix="/clients/<uuid:client_id>/balance")

CHANGED = "balance-changed"
SERVICE, ROOT = "memberships", "memberships/balances"


def kinds() -> dict[str, str]:
    return {
        "added": _("Added by hand"),
        "subtracted": _("Subtracted by hand"),
        "credited": _("Credited"),
        "spent": _("Used to pay"),
        "refunded": _("Given back"),
    }


@room.get("/fact")
def fact(client_id: UUID) -> Response:
    """Its place in the banner, which does not wait for it and stands without it."""
    try:
        found = ask(SERVICE, f"{ROOT}/{client_id}", limit=1)["balances"]
    except Refused:
        found = []  # a client who has just registered
    except Unreachable:
        found = None
    return show("balances/fact.html", client_id=client_id, balances=found)


@room.get("")
def panel(client_id: UUID) -> Response:
    cursor = request.args.get("cursor")
    found = ask(SERVICE, f"{ROOT}/{client_id}", limit=25, cursor=cursor)
    return show(
        "balances/movements.html" if cursor else "balances/panel.html",
        client_id=client_id,
        balances=found["balances"],
        movements=found["items"],
        kinds=kinds(),
        more=found["next_cursor"] and url_for("balances.panel", client_id=client_id, cursor=found["next_cursor"]),
    )


@room.get("/movement")
def new(client_id: UUID) -> Response:
    branch = branch_of(client(str(client_id)))
    return _form(client_id, Form({"kind": "added", "branch_id": branch.get("id", "")}))


@room.post("/movement")
def move(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        tell("POST", SERVICE, f"{ROOT}/{client_id}/movements", _movement(form), key=form.key)
        return done(_("The balance was changed."), CHANGED)
    return _form(client_id, form)


def _movement(form: Form) -> dict[str, Any]:
    currency = currency_of(form.get("branch_id"))
    body = {name: form.get(name) for name in ("kind", "branch_id", "description")}
    return body | {"amount": minor(form.get("amount"), currency), "currency": currency}


def _form(client_id: UUID, form: Form) -> Response:
    places = options(branches(), form.get("branch_id"))
    return show("balances/form.html", form.status, client_id=client_id, form=form, branches=places)
