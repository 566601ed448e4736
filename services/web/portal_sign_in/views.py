"""How a client comes in: asks for a link, opens it here or on another screen, and chooses who they are if need be."""

import secrets
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, redirect, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from services.web.backend import Refused
from services.web.forms import Form
from services.web.language import NAMES
from services.web.pages import show
from services.web.portal.links import hand_over, last_links
from services.web.portal.views import tokens
from shared import clock

room = Blueprint("portal_sign_in", __name__)

LINKS = "directory/client-links"


@room.get("/portal/sign-in")
def page() -> Response:
    if g.person:
        return redirect(url_for("portal.page"))  # type: ignore[return-value]
    return show("portal/sign_in.html", form=Form())


@room.post("/portal/sign-in")
def ask_for_link() -> Response:
    """The same page for every address, known or not."""
    form = Form.sent()
    with form.attempt():
        browser = session.setdefault("browser", secrets.token_urlsafe(32))
        made = tokens().as_machine(LINKS, {"contact": form.get("contact"), "browser": browser, **_place()})
        session["asked"] = {"contact": form.get("contact"), "code": made["code"]}
        if made["recipient"]:
            url = url_for("portal_sign_in.arrive", link=made["link"], _external=True)
            read = made["recipient"]["language"] or str(get_locale())
            hand_over({**made["recipient"], "url": url, "language": read, "at": clock.now().isoformat()})
        return redirect(url_for("portal_sign_in.look"))  # type: ignore[return-value]
    return show("portal/sign_in.html", form.status, form=form)


@room.get("/portal/look")
def look() -> Response:
    """Look in your mail; and the code, for who opens the link on another screen."""
    if "asked" not in session:
        return redirect(url_for("portal_sign_in.page"))  # type: ignore[return-value]
    return show("portal/look.html", asked=session["asked"])


@room.get("/portal/link/<link>")
def arrive(link: str) -> Response:
    """A button, and not the way in: programs that look through mail open links, too."""
    return _arrival(link, Form())


@room.post("/portal/link/<link>")
def use(link: str) -> Response:
    form = Form.sent()
    browser = session.setdefault("browser", secrets.token_urlsafe(32))
    with form.attempt():
        code = "".join(form.get("code").split())
        sent = {"link": link, "browser": browser, **_place()} | ({"code": code} if code else {})
        answer = tokens().as_machine(f"{LINKS}/redemption", sent)
        if "choice" in answer:
            session["choice"] = {"secret": answer["choice"], "people": answer["people"]}
            return redirect(url_for("portal_sign_in.choose"))  # type: ignore[return-value]
        return _in(answer)
    return _arrival(link, form)


@room.get("/portal/choose")
def choose() -> Response:
    if "choice" not in session:
        return redirect(url_for("portal_sign_in.page"))  # type: ignore[return-value]
    return show("portal/choose.html", form=Form(), people=session["choice"]["people"])


@room.post("/portal/choose/<uuid:client_id>")
def chosen(client_id: UUID) -> Response:
    form, choice = Form.sent(), session.get("choice")
    if not choice:
        return redirect(url_for("portal_sign_in.page"))  # type: ignore[return-value]
    with form.attempt():
        sent = {"choice": choice["secret"], "browser": session.get("browser", ""), "client_id": str(client_id)}
        return _in(tokens().as_machine(f"{LINKS}/choice", sent))
    if form.status == 404:
        return _over()
    return show("portal/choose.html", form.status, form=form, people=choice["people"])


@room.get("/demo/links")
def links() -> Response:
    """The links that would have been sent, for who tries Foyer out. Not there in production."""
    kept = last_links()
    if kept is None:
        abort(404)
    return show("portal/links.html", links=kept.all())


def _arrival(link: str, form: Form) -> Response:
    """The page with the button, and with a field for the code in another browser than the one that asked."""
    try:
        sent = {"link": link, "browser": session.get("browser", "") or "-"}
        seen = tokens().as_machine(f"{LINKS}/look", sent)
    except Refused as refused:
        if refused.status in (404, 422):
            return _over()
        raise
    if seen["code_needed"] and form.status == 422 and not form.get("code"):
        form.errors = {"code": [_("Please type the six digits.")]}
    return show("portal/arrive.html", form.status, form=form, link=link, code_needed=seen["code_needed"])


def _over() -> Response:
    form = Form()
    form.alert = _("This link is no longer good: a link works once, for 15 minutes. Ask for a new one.")
    return show("portal/sign_in.html", 404, form=form)


def _in(answer: dict[str, Any]) -> Response:
    """The session of who is in. What the sign-in needed is forgotten; the language is theirs, unless they chose one."""
    [person] = answer["people"]
    chosen = session.get("language") or (person["language"] if person["language"] in NAMES else None)
    csrf = session.get("csrf_token")
    session.clear()
    session.permanent = True
    session["member"] = {"id": person["client_id"], "name": person["name"] or "", "renewal": tokens().let_in(answer)}
    session.update({name: value for name, value in (("language", chosen), ("csrf_token", csrf)) if value})
    return redirect(url_for("portal.page"))  # type: ignore[return-value]


def _place() -> dict[str, str]:
    return {"address": request.remote_addr or "-"}
