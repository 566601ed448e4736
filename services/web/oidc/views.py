"""Signing in at the chain's own identity provider, beside the password, which never depends on it.

Whether there is a provider is a setting that the directory reads too, so the sign-in page asks nobody. The state of a
sign-in is kept in this browser's encrypted session: who comes back with another one was sent here by somebody else.
"""

import hmac

import structlog
from flask import Blueprint, Response, current_app, redirect, request, session
from flask_babel import gettext as _

from services.web.backend import Refused, SignedOut, Unreachable
from services.web.forms import Form
from services.web.pages import show
from services.web.session.opening import begin, tokens
from services.web.wire import own_path

log = structlog.get_logger()
room = Blueprint("oidc", __name__, url_prefix="/sign-in/oidc")

UNDER_WAY = "oidc"
"""In the session: the state of the sign-in that was begun last, and where the person wanted to go."""


@room.app_context_processor
def provider() -> dict[str, str]:
    return {"provider": provider_name()}


def provider_name() -> str:
    """What the chain calls its provider; nothing where people sign in with a password only."""
    found = current_app.extensions["foyer-identity-provider"]
    return found.name if found else ""


@room.get("/begin")
def go_there() -> Response:
    wanted = own_path(request.args.get("next"))
    try:
        url, state = tokens().authorization()
    except (Refused, SignedOut, Unreachable) as error:
        log.warning("identity_provider_not_reached", reason=repr(error))
        return _not_signed_in(503, _away(), wanted)
    session[UNDER_WAY] = {"state": state, "next": wanted}
    return redirect(url)  # type: ignore[return-value]


@room.get("")
def come_back() -> Response:
    """Where the provider sends people to. What they bring counts once, and only in the browser that began."""
    begun = session.pop(UNDER_WAY, None) or {"state": "", "next": None}
    wanted, state = own_path(begun["next"]), request.args.get("state", "")
    if "error" in request.args:  # not every provider sends the state along with it, and nothing is taken from it
        text = _("You did not sign in at %(name)s. Try again, or sign in with your password.", name=provider_name())
        return _not_signed_in(403, text, wanted)
    if not begun["state"] or not hmac.compare_digest(begun["state"].encode(), state.encode()):
        text = _("This sign-in did not begin in this browser, or another one was begun after it. Please begin again.")
        return _not_signed_in(400, text, wanted)
    try:
        begin(*tokens().sign_in_with_code(request.args.get("code") or "-", state))
    except Refused as refused:
        return _not_signed_in(403, refused.detail, wanted)
    except Unreachable:
        return _not_signed_in(503, _away(), wanted)
    return redirect(wanted)  # type: ignore[return-value]


def _away() -> str:
    name = provider_name()
    return _("%(name)s cannot be reached at the moment. Try again, or sign in with your password.", name=name)


def _not_signed_in(status: int, text: str, wanted: str) -> Response:
    """The sign-in page, which says why and offers both ways."""
    form = Form()
    form.alert = text
    return show("sign_in/page.html", status, form=form, next=wanted)
