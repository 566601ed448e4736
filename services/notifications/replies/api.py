"""The HTTP door to replies."""

from typing import Any

from sqlalchemy import select

from services.notifications.copies.models import Client
from services.notifications.replies.models import Reply as Row
from services.notifications.replies.schemas import RepliesQuery, Reply
from shared.api import Door, reading
from shared.api.pages import newest, page_of
from shared.api.sight import clients_of

door = Door("replies", __name__, url_prefix="/api/v1/notifications/replies", description="What clients answer.")

REPLIES = (
    select(Row.__table__, Client.name.label("client_name"))
    .outerjoin(Client, Client.id == Row.client_id)
    .order_by(Row.id.desc())
)


@door.get("", needs="messages.read")
@door.arguments(RepliesQuery, location="query")
@door.response(200, page_of(Reply, "Replies"))
def replies(query: dict[str, Any]) -> Any:
    """What came back by SMS, newest first; of one client when they are named."""
    statement = REPLIES
    if query.get("client_id"):
        statement = statement.where(Row.client_id == query["client_id"])
    seen = clients_of("messages.read")
    if seen is not None:
        statement = statement.where(Client.preferred_branch_id.is_(None) | Client.preferred_branch_id.in_(seen))
    with reading() as connection:
        return newest(connection, statement, Row.id, query)
