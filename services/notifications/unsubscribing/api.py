"""The door for who does not want to sign in to be left alone. The token is all that is needed."""

from typing import Any

from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import KINDS
from services.notifications.checks.rules import can_be_off
from services.notifications.contact_points.addresses import masked
from services.notifications.copies.models import Client
from services.notifications.preferences import actions
from services.notifications.preferences.actions import Switch
from services.notifications.preferences.matrix import matrix_of
from services.notifications.unsubscribing.schemas import Link, Unsubscribing
from services.notifications.unsubscribing.tokens import NO_LINK, Token, read
from shared.actor import Context, acting
from shared.api import PUBLIC, Door, platform, transaction
from shared.errors import NotFound

door = Door(
    "unsubscribing",
    __name__,
    url_prefix="/api/v1/notifications/unsubscribe",
    description="Links that stop messages without signing in.",
)


@door.get("/<string:token>", needs=PUBLIC)
@door.response(200, Link)
def link(token: str) -> Any:
    """What the link is about. It changes nothing: mail programs open links by themselves."""
    found = read(platform().config, token)
    with transaction() as session:
        return _shown(session, found)


@door.post("/<string:token>", needs=PUBLIC)
@door.arguments(Unsubscribing)
@door.response(200, Link)
def stop(given: dict[str, Any], token: str) -> Any:
    """Stops this kind of message, or all of them, by the channel of the link; again is no mistake."""
    found = read(platform().config, token)
    with transaction() as session:
        client = _client(session, found)
        kinds = [found.kind] if given["scope"] == "kind" else KINDS
        switches = [Switch(kind, found.channel, False) for kind in kinds if can_be_off(kind, found.channel)]
        with acting(Context(actor=f"client:{client.id}", channel="portal")):
            actions.change(session, client.id, switches, source="unsubscribe")
        return _shown(session, found)


def _client(session: Session, token: Token) -> Client:
    """Raises NotFound when the person has been erased: nothing comes to them any more."""
    client = session.get(Client, token.client_id)
    if client is not None and client.merged_into is not None:
        client = session.get(Client, client.merged_into)
    if client is None or client.erased_at is not None:
        raise NotFound(NO_LINK)
    return client


def _shown(session: Session, token: Token) -> dict[str, Any]:
    client = _client(session, token)
    matrix = matrix_of(session, client.id, client.preferred_branch_id)
    point = matrix.points.get(token.channel)
    kinds = [kind for kind in KINDS if can_be_off(kind, token.channel)]
    return {
        "kind": token.kind,
        "channel": token.channel,
        "address_masked": masked(token.channel, point.address) if point else "",
        "language": client.language,
        "kind_is_on": matrix.is_on(token.kind, token.channel),
        "on": [kind for kind in kinds if matrix.is_on(kind, token.channel)],
    }
