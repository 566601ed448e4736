"""What staff write themselves, and what the console hands over to be sent."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES
from services.notifications.copies.models import Client
from services.notifications.messages.actions import queue
from services.notifications.messages.models import Message
from services.notifications.templates.rendering import NO_SUBJECT
from shared import clock
from shared.config import Config
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND
from shared.words import Words

NOT_OURS = Words("The link must lead to a page of this installation.")


def write(session: Session, given: dict[str, Any]) -> Message:
    """A message by hand. Whether it goes is asked when it is about to go, as for any other."""
    if given["channel"] == "email" and not given["title"]:
        raise Invalid(NO_SUBJECT, fields={"title": [NO_SUBJECT.format()]})
    client = _client(session, given["client_id"])
    data = {"id": str(new_id()), "title": given["title"], "text": given["text"]}
    (made,) = queue(
        session,
        TYPES["quick"],
        client,
        channels=[given["channel"]],
        data=data,
        happened_at=clock.now(),
        branch_id=given["branch_id"] or client.preferred_branch_id,
        as_kind=given["kind"],
    )
    return made


def sign_in(session: Session, config: Config, given: dict[str, Any]) -> Message:
    """A one-time link: kept beside the message until it is handed over, and nowhere after that."""
    if not given["link"].startswith(f"{config.base_url}/"):
        raise Invalid(NOT_OURS, fields={"link": [NOT_OURS.format()]})
    client = _client(session, given["client_id"])
    (made,) = queue(
        session,
        TYPES["sign_in_link"],
        client,
        channels=[given["channel"]],
        data={"id": str(new_id())},
        happened_at=clock.now(),
        branch_id=client.preferred_branch_id,
        secret={"sign_in_link": given["link"], "sign_in_code": given["code"]},
    )
    return made


def _client(session: Session, client_id: UUID) -> Client:
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NOT_FOUND)
    return client
