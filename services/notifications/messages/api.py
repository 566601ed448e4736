"""The HTTP door to messages."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notifications.messages import by_hand
from services.notifications.messages.models import Message as Row
from services.notifications.messages.schemas import Message, MessageInFull, MessagesQuery, NewMessage, Queued, SignIn
from shared.api import Door, platform, reading, transaction
from shared.api.pages import newest, page_of
from shared.api.sight import must_know
from shared.api.versions import tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "messages",
    __name__,
    url_prefix="/api/v1/notifications/messages",
    description="What clients were told, what they were not, and why.",
)

READ, SEND = "messages.read", "messages.send"
SHOWN = [Row.__table__.c[name] for name in Message().fields]


@door.get("", needs=READ)
@door.arguments(MessagesQuery, location="query")
@door.response(200, page_of(Message, "Messages"))
@door.doc(**{"x-problems": [404]})
def messages(query: dict[str, Any]) -> Any:
    """The messages to one client, newest first, with why each was or was not sent."""
    with reading() as connection:
        must_know(connection, query["client_id"], READ)
        statement = select(*SHOWN).where(Row.client_id == query["client_id"])
        return newest(connection, statement, Row.id, query)


@door.post("", needs=SEND, idempotent=True)
@door.arguments(NewMessage)
@door.response(201, MessageInFull)
@door.doc(**{"x-problems": [404]})
def write(given: dict[str, Any]) -> Any:
    """Writes to a client by hand. It goes out at once, unless the client's preferences say no: `state` tells."""
    with transaction() as session:
        must_know(session, given["client_id"], SEND)
        made = by_hand.write(session, given)
        found = _shown(session, made.id)
        return tagged(found["version"], found, 201)


@door.post("/sign-in", needs="directory.sessions.open")
@door.arguments(SignIn)
@door.response(202, Queued)
@door.doc(**{"x-problems": [404]})
def sign_in(given: dict[str, Any]) -> Any:
    """Sends a client their one-time link; for the console's machine, which got it from the directory."""
    with transaction() as session:
        return {"id": by_hand.sign_in(session, platform().config, given).id}, 202


@door.get("/<uuid:message_id>", needs=READ)
@door.response(200, MessageInFull)
def message(message_id: UUID) -> Any:
    """One message as it went out, without one-time links; its body is kept for 90 days."""
    with reading() as connection:
        found = _shown(connection, message_id)
        if found["client_id"] is not None:
            must_know(connection, found["client_id"], READ)
    return tagged(found["version"], found)


def _shown(session: Any, message_id: UUID) -> Any:
    found = session.execute(select(Row.__table__).where(Row.id == message_id)).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found
