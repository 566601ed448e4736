"""The portal's shell: who is in, home, the language, and the way out."""

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for

from services.web.backend import Refused, SignedOut, Unreachable, ask
from services.web.language import NAMES
from services.web.pages import show
from services.web.portal.place import ROOT, is_portal
from services.web.portal.tokens import ClientTokens
from services.web.wire import own_path

room = Blueprint("portal", __name__, url_prefix=ROOT)


def tokens() -> ClientTokens:
    found = current_app.extensions["foyer-client-tokens"]
    assert isinstance(found, ClientTokens)
    return found


@room.app_context_processor
def shell() -> dict[str, object]:
    """What the portal's pages share; `zone` is the chain's, since a client has no branch of the console's."""
    zone = current_app.extensions["foyer-chain"].time_zone
    return {"member": g.get("person") if is_portal() else None, "in_portal": is_portal(), "zone": zone}


@room.get("")
def page() -> Response:
    return show("portal/home.html")


@room.get("/first")
def first() -> Response:
    """What needs doing first: a payment that waits for the client, or failed."""
    rows = [row for row in ask("memberships", "memberships/me")["items"] if row["pays"]]
    troubled = [row for row in rows if row["arrears"]["payments"] or row["label"] in ("needs_client", "waits_for_card")]
    return show("portal/first.html", troubled=troubled)


@room.post("/language")
def switch() -> Response:
    """Keeps the choice with the session, and comes back to the same page."""
    if request.form.get("language") in NAMES:
        session["language"] = request.form["language"]
    back = own_path(request.form.get("next"))
    return redirect(back if is_portal(back) else url_for("portal.page"))  # type: ignore[return-value]


@room.post("/sign-out")
def leave() -> Response:
    """Ends the session at the directory; the cookie goes even when the directory does not answer."""
    try:
        tokens().end(g.person)
    except (SignedOut, Refused, Unreachable):
        tokens().forget(g.person)
    session.clear()
    return redirect(url_for("portal_sign_in.page"))  # type: ignore[return-value]
