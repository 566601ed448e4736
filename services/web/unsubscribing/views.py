"""Stops messages by the link in one of them. The link is all that is needed: who has it got the message."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, session
from flask_babel import force_locale, get_locale

from services.web.backend import Refused, send_open
from services.web.language import NAMES
from services.web.messages import wording
from services.web.pages import show

room = Blueprint("unsubscribing", __name__, url_prefix="/portal/u")

SERVICE, ROOT = "notifications", "notifications/unsubscribe"
ONE_CLICK = "List-Unsubscribe"
"""RFC 8058: mail programs send this field when their reader presses their own button."""


@room.get("/<token>")
def page(token: str) -> Response:
    return _shown(token, lambda: send_open("GET", SERVICE, f"{ROOT}/{token}"))


@room.post("/<token>")
def stop(token: str) -> Response:
    """Stops the one kind, or all. No cookie is asked for, so that a mail program can do it, too."""
    scope = "everything" if request.form.get("scope") == "everything" else "kind"
    answer = _shown(token, lambda: send_open("POST", SERVICE, f"{ROOT}/{token}", {"scope": scope}), stopped=scope)
    if ONE_CLICK in request.form and answer.status_code == 200:
        return Response(status=200)
    return answer


def _shown(token: str, call: Callable[[], Any], stopped: str = "") -> Response:
    try:
        found = call()
    except Refused as refused:
        if refused.status != 404:
            raise
        return show("portal/unsubscribe.html", 404, link=None, problem=refused.detail)
    theirs = found["language"] in NAMES and "language" not in session
    with force_locale(found["language"] if theirs else str(get_locale())):
        values = {"token": token, "link": found, "stopped": stopped, "kinds": wording.kinds()}
        return show("portal/unsubscribe.html", channels=wording.channels(), **values)
