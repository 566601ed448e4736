"""The tab of a client's gift cards (P29, P30): sell, redeem, and what a manager does about one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from services.web.amounts import minor
from services.web.backend import all_of_client, ask, everything, tell
from services.web.forms import Form, blank_to_none
from services.web.gift_cards.said import destinations, movements, states, ways_to_buy
from services.web.lists import branch_of, branches, client, options
from services.web.memberships.said import currency_of
from services.web.memberships.views import cards_of
from services.web.pages import show
from services.web.profile.views import tab
from services.web.wire import done, told

room = Blueprint("gift_cards", __name__, url_prefix="/clients/<uuid:client_id>/gift-cards")

CHANGED = "gift-cards-changed"
BALANCE = "balance-changed"
"""What can also have paid for one, or taken what was left on it."""
SERVICE, ROOT = "memberships", "memberships/gift-cards"
SHOWN = ("last_four", "balance", "currency", "expires_on", "holder_name", "state")
"""What the form of a redemption shows of the card, and brings along."""


@room.app_context_processor
def words() -> dict[str, Any]:
    return {"gift_card_states": states, "gift_card_movements": movements}


@room.get("")
def page(client_id: UUID) -> Response:
    def content() -> Response:
        found = all_of_client(SERVICE, ROOT, str(client_id))
        found.sort(key=lambda row: (row["state"] not in ("active", "awaits_payment", "blocked"), row["created_at"]))
        return show("gift_cards/tab.html", client_id=client_id, gift_cards=found)

    return tab(client_id, "gift_cards.page", content)


@room.get("/new")
def new(client_id: UUID) -> Response:
    branch = branch_of(client(str(client_id)))
    return _new(client_id, Form({"branch_id": branch.get("id", ""), "holder": "self", "tender": "terminal"}))


@room.post("/new/choices")
def choices(client_id: UUID) -> Response:
    """The form again, with the currency of the branch that was chosen."""
    return _new(client_id, Form.sent())


@room.post("")
def sell(client_id: UUID) -> Response:
    """Sells one, and shows its code: this once, and never again."""
    form = Form.sent()
    with form.attempt():
        sold = tell("POST", SERVICE, ROOT, _sale(client_id, form), key=form.key)
        return told(show("gift_cards/sold.html", client_id=client_id, gift_card=sold), {CHANGED: {}, BALANCE: {}})
    return _new(client_id, form)


@room.get("/code")
def find(client_id: UUID) -> Response:
    return _find(client_id, Form())


@room.post("/code")
def look_up(client_id: UUID) -> Response:
    """The gift card that somebody holds at the desk, by its code, ready to be redeemed."""
    form = Form.sent()
    with form.attempt():
        found = tell("POST", SERVICE, f"{ROOT}/lookups", {"code": form.get("code")})
        return _redemption(client_id, found, _till(client_id))
    return _find(client_id, form)


@room.get("/<uuid:gift_card_id>/redemption")
def ask_to_redeem(client_id: UUID, gift_card_id: UUID) -> Response:
    return _redemption(client_id, one(gift_card_id), _till(client_id))


@room.post("/<uuid:gift_card_id>/redemption")
def redeem(client_id: UUID, gift_card_id: UUID) -> Response:
    """The card as the form showed it: who looked one up by its code may not read it otherwise."""
    form = Form.sent()
    shown: dict[str, Any] = {name: form.get(f"shown_{name}") for name in SHOWN} | {"id": gift_card_id}
    shown["balance"] = int(shown["balance"] or 0)
    with form.attempt():
        body = {name: form.get(name) for name in ("reference", "branch_id")}
        body["amount"] = minor(form.get("amount"), shown["currency"])
        movement = tell("POST", SERVICE, f"{ROOT}/{gift_card_id}/redemptions", body, key=form.key)
        left = shown | {"balance": movement["balance"]}
        return told(show("gift_cards/redeemed.html", shown=left, movement=movement), {CHANGED: {}})
    shown["balance"] = form.problem.get("balance", shown["balance"])
    return _redemption(client_id, shown, form)


@room.get("/<uuid:gift_card_id>/movements")
def ledger(client_id: UUID, gift_card_id: UUID) -> Response:
    found = everything(SERVICE, f"{ROOT}/{gift_card_id}/movements")
    reversed_ones = {row["of_movement_id"] for row in found}
    values: dict[str, Any] = {"gift_card": one(gift_card_id), "movements": found, "form": Form()}
    values["reversed_ones"] = reversed_ones
    return show("gift_cards/movements.html", client_id=client_id, **values)


@room.post("/<uuid:gift_card_id>/redemptions/<uuid:movement_id>/reversal")
def reverse(client_id: UUID, gift_card_id: UUID, movement_id: UUID) -> Response:
    tell("POST", SERVICE, f"{ROOT}/{gift_card_id}/redemptions/{movement_id}/reversal", key=Form.sent().key)
    return done(_("The redemption was taken back."), CHANGED)


@dataclass(frozen=True)
class Act:
    """Something that is done to a gift card, with a reason."""

    path: str
    title: str
    consequence: str
    button: str
    said: str
    body: Callable[[Form, dict[str, Any]], dict[str, Any]] = lambda form, card: {}
    danger: bool = False
    idempotent: bool = False


def acts() -> dict[str, Act]:
    return {
        "block": Act(
            "block",
            _("Block the gift card?"),
            _("No till takes it until somebody unblocks it. What is on it stays."),
            _("Block"),
            _("The gift card was blocked."),
            danger=True,
        ),
        "unblock": Act(
            "unblock",
            _("Unblock the gift card?"),
            _("Every till takes it again."),
            _("Unblock"),
            _("The gift card can be used again."),
        ),
        "extend": Act(
            "extension",
            _("Extend the gift card"),
            _("It is taken for longer. One that has expired has again what was on it."),
            _("Extend"),
            _("The gift card is valid for longer."),
            lambda form, card: {"expires_on": form.get("expires_on")},
        ),
        "adjust": Act(
            "adjustments",
            _("Set right what is on it"),
            _("Add or take an amount by hand. It stays in the movements, with your name and the reason."),
            _("Save"),
            _("The gift card was set right."),
            lambda form, card: {"amount": _signed(form, card["currency"])},
            idempotent=True,
        ),
        "refund": Act(
            "refunds",
            _("Give back what is left?"),
            _("The client gets all that is left, and no till takes the gift card any more."),
            _("Give back"),
            _("What was left was given back."),
            lambda form, card: {"destination": form.get("destination")},
            danger=True,
            idempotent=True,
        ),
    }


@room.get("/<uuid:gift_card_id>/<any(block, unblock, extend, adjust, refund):name>")
def ask_first(client_id: UUID, gift_card_id: UUID, name: str) -> Response:
    found = one(gift_card_id)
    form = Form({"destination": "terminal", "sign": "added", "expires_on": found["expires_on"] or ""})
    return _question(client_id, found, name, form)


@room.post("/<uuid:gift_card_id>/<any(block, unblock, extend, adjust, refund):name>")
def do(client_id: UUID, gift_card_id: UUID, name: str) -> Response:
    form, act, found = Form.sent(), acts().get(name) or abort(404), one(gift_card_id)
    with form.attempt():
        body = {"reason": form.get("reason"), **act.body(form, found)}
        tell("POST", SERVICE, f"{ROOT}/{gift_card_id}/{act.path}", body, key=form.key if act.idempotent else None)
        return done(act.said, CHANGED, BALANCE)
    return _question(client_id, found, name, form)


def one(gift_card_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = ask(SERVICE, f"{ROOT}/{gift_card_id}")
    return found


def _sale(client_id: UUID, form: Form) -> dict[str, Any]:
    names = ("branch_id", "tender", "card_id", "reference", "expires_on", "holder_name")
    typed = blank_to_none({name: form.get(name) for name in names}, "card_id", "reference", "expires_on")
    holder = {"self": str(client_id), "client": form.get("holder_id") or None}.get(form.get("holder"))
    amount = minor(form.get("amount"), currency_of(form.get("branch_id")))
    return typed | {"amount": amount, "buyer_id": str(client_id), "holder_id": holder}


def _signed(form: Form, currency: str) -> Any:
    amount = minor(form.get("amount"), currency)
    return -amount if form.get("sign") == "subtracted" and isinstance(amount, int) else amount


def _till(client_id: UUID) -> Form:
    """Redeemed as a rule where the person works."""
    return Form({"branch_id": branch_of(None).get("id", "")})


def _new(client_id: UUID, form: Form) -> Response:
    values = {
        "branches": options(branches(), form.get("branch_id")),
        "currency": currency_of(form.get("branch_id")),
        "ways": ways_to_buy(),
        "cards": cards_of(client_id),
    }
    return show("gift_cards/sell.html", form.status, client_id=client_id, form=form, **values)


def _find(client_id: UUID, form: Form) -> Response:
    return show("gift_cards/find.html", form.status, client_id=client_id, form=form)


def _redemption(client_id: UUID, shown: dict[str, Any], form: Form) -> Response:
    places = options(branches(), form.get("branch_id"))
    values = {"shown": shown, "kept": SHOWN, "branches": places, "form": form}
    return show("gift_cards/redeem.html", form.status, client_id=client_id, **values)


def _question(client_id: UUID, found: dict[str, Any], name: str, form: Form) -> Response:
    values = {"gift_card": found, "name": name, "act": acts()[name], "form": form, "destinations": destinations()}
    return show("gift_cards/question.html", form.status, client_id=client_id, **values)
