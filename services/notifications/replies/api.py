"""The HTTP door to replies."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notifications.copies.models import Client
from services.notifications.replies import actions
from services.notifications.replies.models import Reply as Row
from services.notifications.replies.schemas import RepliesQuery, Reply
from shared.api import Door, reading, transaction
from shared.api.pages import newest, page_of
from shared.api.sight import clients_of
from shared.errors import NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND

door = Door("replies", __name__, url_prefix="/api/v1/notifications/replies", description="What clients answer.")

READ, ANSWER = "messages.read", "messages.send"
REPLIES = (
    select(Row.__table__, Client.name.label("client_name"), actor_name(Row.read_by).label("read_by_name"))
    .outerjoin(Client, Client.id == Row.client_id)
    .order_by(Row.id.desc())
)


@door.get("", needs=READ)
@door.arguments(RepliesQuery, location="query")
@door.response(200, page_of(Reply, "Replies"))
def replies(query: dict[str, Any]) -> Any:
    """What came back by SMS, newest first; of one client when they are named."""
    statement = _seen(READ)
    if query.get("client_id"):
        statement = statement.where(Row.client_id == query["client_id"])
    if query["unread"]:
        statement = statement.where(Row.read_at.is_(None))
    with reading() as connection:
        return newest(connection, statement, Row.id, query)


@door.put("/<uuid:reply_id>/read", needs=ANSWER)
@door.response(200, Reply)
def read(reply_id: UUID) -> Any:
    """Somebody has read it, and nobody else needs to. The first who says so stays."""
    with transaction() as session:
        one = _seen(ANSWER).where(Row.id == reply_id)
        if session.execute(one).one_or_none() is None:
            raise NotFound(NOT_FOUND)
        actions.read(session, reply_id)
        return session.execute(one).mappings().one()


def _seen(permission: str) -> Any:
    """Those of whose clients the one who asks may know."""
    seen = clients_of(permission)
    if seen is None:
        return REPLIES
    return REPLIES.where(Client.preferred_branch_id.is_(None) | Client.preferred_branch_id.in_(seen))
