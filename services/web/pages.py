"""What every page shares: its shell, its words for what went wrong, and the lists that its pickers read."""

from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.web.backend import Refused, Unreachable
from services.web.wire import is_htmx, told
from shared.config import WebConfig

log = structlog.get_logger()


def register(app: Flask, _web: WebConfig) -> None:
    app.register_error_handler(Unreachable, unreachable)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, stale_page)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unknown)


def show(template: str, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(template, **values), status)


def unreachable(error: Unreachable) -> Response:
    """In place of the part that needs the service; the rest of the page stays as it is."""
    parts = {
        "clients": _("The client profiles do not answer at the moment."),
        "memberships": _("Memberships and payments do not answer at the moment."),
        "documents": _("Documents and forms do not answer at the moment."),
        "notifications": _("Messages and preferences do not answer at the moment."),
        "directory": _("The directory of branches and staff does not answer at the moment."),
    }
    text = parts.get(error.service, _("This part of Foyer does not answer at the moment."))
    return complaint(503, text, again=request.method == "GET")


def refused(error: Refused) -> Response:
    texts = {
        403: _("You may not do this. Ask whoever keeps the roles in your chain."),
        404: _("This is not here any more, or you may not see it."),
    }
    return complaint(error.status, texts.get(error.status) or error.detail or _("That did not work."))


def stale_page(_error: CSRFError) -> Response:
    return complaint(400, _("This page is too old to be sent. Load it again, and then once more what you wanted."))


def of_http(error: HTTPException) -> Response:
    if error.code == 404:
        return complaint(404, _("There is no such page."))
    return complaint(error.code or 500, _("That did not work."))


def unknown(error: Exception) -> Response:
    log.error("page_failed", path=request.path, exc_info=error)
    return complaint(500, _("Something went wrong here. It was noted; please try again."))


def complaint(status: int, text: str, *, again: bool = False) -> Response:
    """A page, a part of a page, or a toast over a form that keeps what was typed."""
    if not is_htmx():
        return show("complaint.html", status, text=text, again=again)
    if request.method == "GET":
        return show("complaint_part.html", status, text=text, again=again)
    answer = Response(status=status)
    answer.headers["HX-Reswap"] = "none"
    kept = _("What you typed is still here.")
    return told(answer, {"foyer:failed": {"message": f"{text} {kept}"}})
