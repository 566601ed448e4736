"""A client's gift cards and their balance."""

from flask import Blueprint, Response

from services.web.backend import ask, everything
from services.web.pages import show
from services.web.portal.said import gift_card_states

room = Blueprint("portal_gift_cards", __name__, url_prefix="/portal/gift-cards")

ROOT = "memberships/me"


@room.get("")
def page() -> Response:
    return show("portal/gift_cards.html")


@room.get("/list")
def listed() -> Response:
    found = everything("memberships", f"{ROOT}/gift-cards")
    return show("portal/gift_cards_list.html", gift_cards=found, states=gift_card_states())


@room.get("/balances")
def balances() -> Response:
    held = [row for row in ask("memberships", f"{ROOT}/balances")["items"] if row["amount"]]
    return show("portal/balances.html", balances=held)
