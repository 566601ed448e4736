"""Shows what a template would say to somebody."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.copies.models import Branch, Client
from services.notifications.templates.actions import Place, must_be_place, tried
from services.notifications.templates.links import link_on
from services.notifications.templates.rendering import Wording, write
from services.notifications.templates.samples import filled_in
from services.notifications.templates.sms import size_of
from shared.config import Config
from shared.errors import NotFound
from shared.rows import NOT_FOUND


def preview(session: Session, config: Config, place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """The text as a client would get it: their own name and branch, and an event that could be. Raises Invalid."""
    kind = must_be_place(place)
    _type, channel, language = place
    compiled = tried(config, kind, place, given["subject"], given["body"])
    values = filled_in(kind, language, config.chain.name)[0]
    if given["client_id"]:
        values |= _client_values(session, given["client_id"])
    link = link_on(config.base_url)
    written = write(Wording(given["subject"], compiled, 0), channel, values, link, None)
    size = size_of(written.text) if channel == "sms" else None
    return {"subject": written.subject, "text": written.text, "html": written.html, "sms": size}


def _client_values(session: Session, client_id: UUID) -> dict[str, str]:
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NOT_FOUND)
    values = {"first_name": client.profile.get("first_name") or client.name, "name": client.name}
    branch = session.get(Branch, client.preferred_branch_id) if client.preferred_branch_id else None
    return values | ({"branch": branch.name} if branch else {})
