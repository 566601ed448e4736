"""What would have gone out, newest first, each as it would look where it arrives."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from services.web.backend import ask
from services.web.lists import branch_of
from services.web.messages import wording
from services.web.pages import show
from services.web.security import framed

room = Blueprint("outbox", __name__, url_prefix="/settings/outbox")


@room.get("")
def listing() -> Response:
    found = ask("notifications", "notifications/providers/outbox", limit=12, **_wanted())
    titles = {each["type"]: each["title"] for each in ask("notifications", "notifications/templates")["items"]}
    words: dict[str, Any] = {"channels": wording.channels(), "icons": wording.icons(), "texts": titles}
    return show("outbox/page.html", found=found, branch=branch_of(None), **words)


def _wanted() -> dict[str, str | None]:
    return {name: request.args.get(name) for name in ("cursor", "client_id")}


@room.get("/<uuid:message_id>/mail")
def mail(message_id: UUID) -> Response:
    """The e-mail itself, for a frame."""
    message = ask("notifications", f"notifications/messages/{message_id}")
    return framed(Response(message["html"] or "", content_type="text/html; charset=utf-8"))
