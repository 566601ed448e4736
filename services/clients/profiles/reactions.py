"""What a client has answered in a form for the profile: taken over, checked like anything typed, and audited."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.clients.profiles.actions import update
from services.clients.profiles.client import Client
from services.clients.profiles.rows import find
from shared.contracts import documents
from shared.errors import Invalid
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

NAMES = ("first_name", "middle_name", "last_name")


@reactions.on(documents.FORM_COMPLETED)
def take_over(session: Session, event: Event) -> None:
    """What is right of it; the rest leaves the profile as it is. The form keeps what was answered."""
    client_id = UUID(event.data["client_id"])
    client = find(session, client_id)
    if client is None or not event.data["profile"]:
        return
    given = _given(client, event.data["profile"])
    chain = session.info["config"].chain
    try:
        with session.begin_nested():
            update(session, client_id, given, chain=chain)
    except Invalid as invalid:
        right = {name: value for name, value in given.items() if name not in invalid.fields}
        if right:
            update(session, client_id, right, chain=chain)


def _given(client: Client, offered: Mapping[str, Any]) -> dict[str, Any]:
    """A number or an address takes the place of the primary one; a new one stands beside the others."""
    given: dict[str, Any] = {name: offered[name] for name in NAMES if name in offered}
    if "birth_date" in offered:
        given["birth_date"] = date.fromisoformat(offered["birth_date"])
    if "email" in offered:
        given["emails"] = _with_primary(client["emails"], "address", offered["email"], {})
    if "phone" in offered:
        given["phones"] = _with_primary(client["phones"], "number", offered["phone"], {"type": "mobile"})
    return given


def _with_primary(known: list[Any], part: str, value: str, more: Mapping[str, Any]) -> list[Any]:
    others = [{**each, "primary": False} for each in known if each[part].casefold() != value.casefold()]
    same = next((each for each in known if each[part].casefold() == value.casefold()), {part: value, **more})
    return [{**same, "primary": True}, *others]
