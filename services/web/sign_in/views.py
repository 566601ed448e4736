"""Signing in, on a page of its own or in place over the page that one was on, and out."""

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import generate_csrf

from services.web.backend import Refused, SignedOut, Unreachable, ask
from services.web.forms import Form
from services.web.pages import show
from services.web.recent import forget_recent
from services.web.session.tokens import Person, Token, Tokens
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
        renewal, token = _tokens().sign_in(
            form.get("username").strip() or "-", form.get("password") or "-", request.remote_addr or ""
        )
        _begin(renewal, token, form.get("username").strip())
        if is_htmx():
            return told(Response(status=204), {"foyer:signed-in": {"csrf": generate_csrf()}})
        return redirect(own_path(form.get("next")))  # type: ignore[return-value]
    if form.status == 401:
        form.status = 422
    template = "sign_in/again.html" if is_htmx() else "sign_in/page.html"
    return show(template, form.status, form=form, next=own_path(form.get("next")))


@room.post("/sign-out")
def leave() -> Response:
    """Ends the session at the directory; the cookie goes even when the directory does not answer."""
    try:
        _tokens().end(g.person)
    except (SignedOut, Refused, Unreachable):
        _tokens().forget(g.person)
    session.clear()
    return forget_recent(redirect(url_for("sign_in.page")))  # type: ignore[arg-type]


def _tokens() -> Tokens:
    found = current_app.extensions["foyer-tokens"]
    assert isinstance(found, Tokens)
    return found


def _begin(renewal: str, token: Token, username: str) -> None:
    """The session of this browser; a name of the person is nice to have, and no reason to keep them out."""
    g.person = Person(token.claims["sub"].partition(":")[2], username, username, renewal)
    try:
        me = ask("directory", "directory/me")
    except (Refused, Unreachable):
        me = {}
    session["person"] = {
        "id": g.person.id,
        "username": username,
        "name": me.get("name") or username,
        "renewal": renewal,
        "branch_ids": me.get("branch_ids", []),
    }
