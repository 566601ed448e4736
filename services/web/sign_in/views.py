"""Signing in, on a page of its own or in place over the page that one was on, and out."""

from flask import Blueprint, Response, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from services.web.backend import Refused, SignedOut, Unreachable
from services.web.forms import Form
from services.web.pages import show
from services.web.recent import forget_recent
from services.web.session.opening import begin, tokens
from services.web.wire import is_htmx, own_path, told

room = Blueprint("sign_in", __name__)


@room.get("/sign-in")
def page() -> Response:
    template = "sign_in/again.html" if is_htmx() else "sign_in/page.html"
    values = {"username": g.person.username} if is_htmx() and g.person else {}
    return show(template, form=Form(values), next=own_path(request.args.get("next")))


@room.post("/sign-in")
def enter() -> Response:
    form = Form.sent()
    with form.attempt():
        name = form.get("username").strip()
        begin(*tokens().sign_in(name or "-", form.get("password") or "-", request.remote_addr or ""), name)
        if is_htmx():
            return _goes_on()
        return redirect(own_path(form.get("next")))  # type: ignore[return-value]
    if form.status == 401:
        form.status = 422
    template = "sign_in/again.html" if is_htmx() else "sign_in/page.html"
    return show(template, form.status, form=form, next=own_path(form.get("next")))


@room.get("/sign-in/again")
def again() -> Response:
    """For who signed in on another tab meanwhile, at the chain's identity provider: the page here goes on."""
    form = Form({"username": g.person.username} if g.person else {})
    try:
        tokens().forget(g.person)
        tokens().token(g.person)
    except SignedOut:
        form.alert = _("You are not signed in yet.")
        return show("sign_in/again.html", 422, form=form)
    return _goes_on()


@room.post("/sign-out")
def leave() -> Response:
    """Ends the session at the directory; the cookie goes even when the directory does not answer."""
    try:
        tokens().end(g.person)
    except (SignedOut, Refused, Unreachable):
        tokens().forget(g.person)
    session.clear()
    return forget_recent(redirect(url_for("sign_in.page")))  # type: ignore[arg-type]


def _goes_on() -> Response:
    return told(Response(status=204), {"foyer:signed-in": {"csrf": generate_csrf()}})
