"""The door of the portal: a client's own preferences."""

from typing import Any

from services.notifications.portal.schemas import OwnPreferences
from services.notifications.preferences import actions
from services.notifications.preferences.actions import Switch
from services.notifications.preferences.reading import preferences_of
from services.notifications.preferences.schemas import Preferences
from shared.api import CLIENT, Door, principal, reading, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.words import language

door = Door(
    "portal",
    __name__,
    url_prefix="/api/v1/notifications/portal/preferences",
    description="How a client wants to be spoken to, by themselves.",
)


@door.get("", needs=CLIENT)
@door.response(200, Preferences)
def own() -> Any:
    """Every switch, where each channel goes, and the words to agree to, in the language that is asked for."""
    with reading() as connection:
        found = preferences_of(connection, principal().id, language())
        return tagged(found["version"], found)


@door.put("", needs=CLIENT, parameters=[IF_MATCH])
@door.arguments(OwnPreferences)
@door.response(200, Preferences)
def change_own(given: dict[str, Any]) -> Any:
    """Moves the switches that are named. Marketing is switched on with the words that were shown."""
    expected = expected_version()
    with transaction() as session:
        switches = [Switch(**each, given="online" if each["on"] else None) for each in given["switches"]]
        actions.change(session, principal().id, switches, expected)
        found = preferences_of(session, principal().id, language())
        return tagged(found["version"], found)
