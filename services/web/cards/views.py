"""Cards on file (P28), under the memberships: list, add, default, remove with a replacement.

A card's number never comes here. In the sandbox a test card is chosen, or the sandbox's own form is opened. At Stripe
it is typed into Stripe's own field, on a page apart that may load Stripe's script; memberships asks Stripe what became
of it.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _

from services.web.backend import Unreachable, all_of_client, ask, tell
from services.web.forms import Form
from services.web.lists import branch_of, branches, client, options
from services.web.memberships.views import CHANGED as MEMBERSHIPS
from services.web.memberships.views import ROOT
from services.web.pages import show
from services.web.security import with_stripe
from services.web.wire import done

room = Blueprint("cards", __name__, url_prefix="/clients/<uuid:client_id>/cards")

CHANGED = "cards-changed"


def test_cards() -> list[tuple[str, str]]:
    return [
        ("accepted", _("Visa 4242: is accepted")),
        ("insufficient_funds", _("Visa 9995: not enough money")),
        ("soft_decline", _("Visa 0002: declined, may be tried again")),
        ("hard_decline", _("Mastercard 9979: declined for good")),
        ("expired", _("Visa 0069: expired")),
        ("needs_client", _("Visa 3155: the client must confirm")),
        ("slow", _("Mastercard 5100: answers late")),
        ("answer_lost", _("Visa 5126: the answer is lost")),
        ("refund_fails", _("Visa 5126: a refund fails later")),
        ("disputed", _("Visa 0259: is disputed later")),
    ]


@room.get("")
def page(client_id: UUID) -> Response:
    return show("cards/list.html", client_id=client_id, cards=_cards(client_id))


@room.get("/new")
def new(client_id: UUID) -> Response:
    form = Form({"branch_id": branch_of(client(str(client_id))).get("id", ""), "test_card": "accepted"})
    form.values["is_default"] = "" if _cards(client_id) else "true"
    return _add(client_id, form)


@room.post("")
def add(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = {name: form.get(name) for name in ("branch_id", "agreement_version")}
        body |= {name: form.get(name) == "true" for name in ("is_default", "for_others")}
        how = {"setup": form.get("setup")} if form.get("how") == "form" else {"test_card": form.get("test_card")}
        tell("POST", ROOT, f"{ROOT}/cards", body | how | {"client_id": str(client_id)})
        return done(_("The card is on file."), CHANGED, MEMBERSHIPS)
    return _add(client_id, form)


@room.get("/entry")
def enter(client_id: UUID) -> Response:
    """Stripe's field, on a page with nothing else of others on it."""
    form = Form({"branch_id": request.args.get("branch_id", "")})
    form.values["is_default"] = "" if _cards(client_id) else "true"
    return _entry(client_id, form)


@room.post("/entry")
def save_entered(client_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        body = entered(form) | {"client_id": str(client_id), "branch_id": form.get("branch_id")}
        tell("POST", ROOT, f"{ROOT}/cards", body)
        return redirect(url_for("memberships.page", client_id=client_id))  # type: ignore[return-value]
    return _entry(client_id, form)


@room.post("/<uuid:card_id>/default")
def make_default(client_id: UUID, card_id: UUID) -> Response:
    tell("PATCH", ROOT, f"{ROOT}/cards/{card_id}", {"is_default": True}, version="*")
    return done(_("This card is now the first choice."), CHANGED)


@room.get("/<uuid:card_id>/removal")
def ask_to_remove(client_id: UUID, card_id: UUID) -> Response:
    return _removal(client_id, card_id, Form())


@room.post("/<uuid:card_id>/removal")
def remove(client_id: UUID, card_id: UUID) -> Response:
    form = Form.sent()
    with form.attempt():
        more = {"replacement": form.get("replacement")} if form.get("replacement") else {}
        tell("DELETE", ROOT, f"{ROOT}/cards/{card_id}", version="*", **more)
        return done(_("The card was removed."), CHANGED, MEMBERSHIPS)
    return _removal(client_id, card_id, form)


def entered(form: Form) -> dict[str, Any]:
    """What the page of Stripe's field says of a card: which setup was finished, and what the client agreed to."""
    body = {name: form.get(name) for name in ("setup", "agreement_version")}
    return body | {name: form.get(name) == "true" for name in ("is_default", "for_others")}


def _entry(client_id: UUID, form: Form) -> Response:
    """With a setup of its own each time: one that was refused is not used again."""
    setup = tell("POST", ROOT, f"{ROOT}/cards/setups", _setup(client_id, form))
    if setup["gateway"] != "stripe":
        return redirect(url_for("memberships.page", client_id=client_id))  # type: ignore[return-value]
    values = {"client": client(str(client_id)), "form": form, "setup": setup}
    return with_stripe(show("cards/entry.html", form.status, **values))


def _cards(client_id: UUID) -> list[dict[str, Any]]:
    return all_of_client(ROOT, f"{ROOT}/cards", str(client_id))


def _add(client_id: UUID, form: Form) -> Response:
    """With a setup at the gateway: its form, the text to agree to, and what the card is charged at once."""
    setup = None
    try:
        setup = tell("POST", ROOT, f"{ROOT}/cards/setups", _setup(client_id, form)) if form.get("branch_id") else None
    except Unreachable:
        form.alert = form.alert or _("The payment service does not answer at the moment. Please try again in a minute.")
    places = options(branches(), form.get("branch_id"))
    values = {"client_id": client_id, "form": form, "setup": setup, "branches": places, "test_cards": test_cards()}
    return show("cards/add.html", form.status, **values)


def _setup(client_id: UUID, form: Form) -> dict[str, Any]:
    return {"client_id": str(client_id), "branch_id": form.get("branch_id")}


def _removal(client_id: UUID, card_id: UUID, form: Form) -> Response:
    others = [card for card in _cards(client_id) if card["id"] != str(card_id)]
    found = ask(ROOT, f"{ROOT}/cards/{card_id}")
    values = {"client_id": client_id, "card": found, "others": others, "form": form}
    return show("cards/remove.html", form.status, needed=form.problem.get("code") == "card_needed", **values)
