"""The HTTP door to how clients want to be spoken to."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from services.notifications.consents.models import Wording
from services.notifications.copies.models import Client
from services.notifications.preferences import actions
from services.notifications.preferences.actions import Switch
from services.notifications.preferences.models import Change as Row
from services.notifications.preferences.reading import client_of, preferences_of
from services.notifications.preferences.schemas import Change, NewPreferences, Preferences
from shared.api import Door, reading, transaction
from shared.api.pages import PageQuery, newest, page_of
from shared.api.sight import must_know
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.people import actor_name

door = Door(
    "preferences",
    __name__,
    url_prefix="/api/v1/notifications/preferences",
    description="Which kinds of message a client wants by which channel, and what they have agreed to.",
)

READ, WRITE = "preferences.read", "preferences.write"


@door.get("/<uuid:client_id>", needs=READ)
@door.response(200, Preferences)
def preferences(client_id: UUID) -> Any:
    """Every switch of the client, where each channel goes, and the words that a consent is asked with."""
    with reading() as connection:
        must_know(connection, client_id, READ)
        found = preferences_of(connection, client_id)
        return tagged(found["version"], found)


@door.put("/<uuid:client_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(NewPreferences)
@door.response(200, Preferences)
def change(given: dict[str, Any], client_id: UUID) -> Any:
    """Moves the switches that are named. Marketing is switched on with the words agreed to, and how that was done."""
    expected = expected_version()
    with transaction() as session:
        must_know(session, client_id, WRITE)
        actions.change(session, client_id, [Switch(**each) for each in given["switches"]], expected)
        found = preferences_of(session, client_id)
        return tagged(found["version"], found)


@door.get("/<uuid:client_id>/history", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Change, "PreferenceChanges"))
def history(query: dict[str, Any], client_id: UUID) -> Any:
    """Every switch that ever moved, newest first: who, when, from where, for which address, in which words."""
    with reading() as connection:
        must_know(connection, client_id, READ)
        client = client_of(connection, client_id)
        theirs = select(Client.id).where(or_(Client.id == client.id, Client.merged_into == client.id))
        return newest(connection, HISTORY.where(Row.client_id.in_(theirs)), Row.id, query, _shown)


HISTORY = select(
    *(column for column in Row.__table__.c if column.name != "address"),
    func.coalesce(Row.address, Row.address_masked).label("address"),
    actor_name(Row.by).label("by_name"),
    *(column.label(f"wording_{column.name}") for column in Wording.__table__.c if column.name != "id"),
).outerjoin(Wording, Wording.id == Row.wording_id)


def _shown(row: Any) -> dict[str, Any]:
    wording = None
    if row["wording_id"] is not None:
        names = ("id", "channel", "language", "number", "text")
        wording = {name: row[f"wording_{name}"] for name in names}
    return {**row, "wording": wording}
