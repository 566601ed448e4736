"""The HTTP door to the words in which a consent is asked for."""

from typing import Any

from services.notifications.catalogue.message_type import CHANNELS
from services.notifications.consents import actions
from services.notifications.consents.reading import current_wordings
from services.notifications.consents.schemas import NewWording, WordingInFull, Wordings
from shared.api import Door, principal, reading, transaction
from shared.words import LANGUAGES

door = Door(
    "consents",
    __name__,
    url_prefix="/api/v1/notifications/consent-wordings",
    description="The words in which clients agree to be advertised to, in versions.",
)

WRITE = "messages.settings.write"


@door.get("", needs="preferences.read")
@door.response(200, Wordings)
def wordings() -> Any:
    """The words of today by channel and language."""
    with reading() as connection:
        return {"items": current_wordings(connection)}


@door.post(f"/<any({', '.join(CHANNELS)}):channel>/<any({', '.join(LANGUAGES)}):language>", needs=WRITE)
@door.arguments(NewWording)
@door.response(201, WordingInFull)
def reword(given: dict[str, Any], channel: str, language: str) -> Any:
    """Other words from now on: a new version. Who agreed before agreed to what was there then."""
    principal().must_everywhere(WRITE)
    with transaction() as session:
        return actions.reword(session, channel, language, given["text"]), 201
