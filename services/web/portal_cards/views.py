"""A client's cards on file (P28, P39): the list, and adding one.

A card's number never comes here. The sandbox has a form of its own, to which the browser goes and from which it comes
back; Stripe's own field stands on a page of ours. What the client agreed to waits in their session meanwhile, and
memberships asks the gateway what became of the card.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _

from services.web.backend import Refused, ask, everything, tell
from services.web.cards.views import entered
from services.web.forms import Form
from services.web.language import money
from services.web.pages import show
from services.web.security import with_stripe

room = Blueprint("portal_cards", __name__, url_prefix="/portal/cards")

SERVICE, ROOT = "memberships", "memberships/me"
BEGUN = "card"
"""In the session: the card that is being entered at the gateway."""


@room.get("")
def page() -> Response:
    return show("portal/cards.html")


@room.get("/list")
def listed() -> Response:
    return show("portal/cards_list.html", cards=everything(SERVICE, f"{ROOT}/cards"))


@room.get("/new")
def new() -> Response:
    """Perhaps for a membership, to which the way then leads back."""
    return _entry(Form({"membership_id": request.args.get("membership_id", "")}))


@room.post("/new")
def go_on() -> Response:
    """To the gateway's own form, once the client has agreed."""
    form, begun = Form.sent(), session.get(BEGUN)
    if not begun or begun["setup"] != form.get("setup"):
        return redirect(url_for("portal_cards.new"))  # type: ignore[return-value]
    if not _agreed(form):
        return _entry(form)
    session[BEGUN] = begun | {"card": _sent(form)}
    return redirect(begun["url"])  # type: ignore[return-value]


@room.get("/return")
def come_back() -> Response:
    """From the gateway's form: the card is kept, or entered again."""
    card = (session.get(BEGUN) or {}).get("card")
    if card is None:
        return redirect(url_for("portal_cards.page"))  # type: ignore[return-value]
    return _keep(card, Form(card))


@room.post("")
def keep() -> Response:
    """What was typed into Stripe's field, which has sent it to Stripe by itself."""
    form = Form.sent()
    return _keep(_sent(form), form) if _agreed(form) else _entry(form)


def _agreed(form: Form) -> bool:
    if form.get("agreed") != "true":
        form.refuse("agreed", _("Please read the text and tick it: without that no card can be kept."))
    return not form.errors


def _entry(form: Form) -> Response:
    """With a setup of its own each time: one that was refused is not used again."""
    back = url_for("portal_cards.come_back", _external=True)
    setup = tell("POST", SERVICE, f"{ROOT}/cards/setups", _for(form) | {"return_url": back})
    values = {"form": form, "setup": setup, "back": _before(form)}
    if setup["gateway"] == "stripe":
        return with_stripe(show("portal/card_stripe.html", form.status, **values))
    session[BEGUN] = {name: setup[name] for name in ("setup", "url")}
    return show("portal/card_new.html", form.status, **values)


def _keep(card: dict[str, Any], form: Form) -> Response:
    """Of a service that does not answer the page says so, and may be loaded again: the setup is still good."""
    try:
        kept = tell("POST", SERVICE, f"{ROOT}/cards", card)
    except Refused as refused:
        form.status, form.alert = refused.status, refused.detail
        form.values.pop("agreed", None)  # the text may be another
        return _entry(form)
    session.pop(BEGUN, None)
    flash(_kept(kept["will_charge"]))
    return redirect(_after(kept["id"], form))  # type: ignore[return-value]


def _sent(form: Form) -> dict[str, Any]:
    return entered(form) | _for(form)


def _for(form: Form) -> dict[str, Any]:
    return {"membership_id": form.get("membership_id")} if form.get("membership_id") else {}


def _before(form: Form) -> str:
    """Where the client came from."""
    if form.get("membership_id"):
        return url_for("portal_memberships.one", membership_id=form.get("membership_id"))
    return url_for("portal_cards.page")


def _after(card_id: str, form: Form) -> str:
    """Back, with the new card offered for what is unpaid: to the membership in question, if there is one."""
    owing = [row["id"] for row in ask(SERVICE, ROOT)["items"] if row["pays"] and row["arrears"]["payments"]]
    wanted = form.get("membership_id") or (owing[0] if len(owing) == 1 else "")
    if wanted:
        return url_for("portal_memberships.one", membership_id=wanted, card=card_id)
    return url_for("portal_cards.page")


def _kept(charges: list[dict[str, Any]]) -> str:
    if not charges:
        return _("Your card is on file.")
    amounts = ", ".join(money(charge["amount"], charge["currency"]) for charge in charges)
    return _("Your card is on file. It is being asked for %(amount)s.", amount=amounts)
