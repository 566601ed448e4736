"""Keeps where clients are reached, as their events say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.contact_points.addresses import hashed, zones_of
from services.notifications.contact_points.models import ContactPoint
from services.notifications.copies.models import Client
from shared.contracts import clients
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()

Found = tuple[str, int, str]
"""Channel, rank, address."""


@reactions.on(clients.CLIENT_REGISTERED, clients.CLIENT_UPDATED, clients.CLIENT_STATED)
def keep_contact_points(session: Session, event: Event) -> None:
    """The copy of the client says whether this event is the newest of them: it is kept by the same event."""
    client_id = UUID(event.subject)
    version = session.scalar(select(Client.version).where(Client.id == client_id))
    if version is None or version <= event.version:
        replace(session, client_id, points_of(client_id, event.data))


def points_of(client_id: UUID, profile: dict[str, Any]) -> list[Found]:
    """An SMS goes to a mobile; a push to whatever browsers the client let us."""
    mobiles = [phone["number"] for phone in _primary_first(profile["phones"]) if phone["type"] == "mobile"]
    emails = [email["address"] for email in _primary_first(profile["emails"])]
    return [
        *(("sms", rank, number) for rank, number in enumerate(mobiles)),
        *(("email", rank, address) for rank, address in enumerate(emails)),
        ("push", 0, str(client_id)),
    ]


def _primary_first(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: not entry["primary"])


def replace(session: Session, client_id: UUID, points: Sequence[Found]) -> None:
    """These, and no others. What is there already is not written again."""
    held = select(ContactPoint.channel, ContactPoint.rank, ContactPoint.address)
    before = {tuple(row) for row in session.execute(held.where(ContactPoint.client_id == client_id))}
    if before == set(points):
        return
    session.execute(delete(ContactPoint).where(ContactPoint.client_id == client_id))
    if points:
        session.execute(insert(ContactPoint), [row_of(session, client_id, *point) for point in points])


def row_of(session: Session, client_id: UUID, channel: str, rank: int, address: str) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "channel": channel,
        "rank": rank,
        "address": address,
        "address_hash": hashed(session, channel, address),
        "zones": list(zones_of(address)) if channel == "sms" else [],
    }
