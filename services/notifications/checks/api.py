"""The HTTP door to the question."""

from typing import Any

from sqlalchemy import text

from services.notifications.checks import question
from services.notifications.checks.question import Asked
from services.notifications.checks.schemas import Answers, Question
from shared.api import Door, platform, reading
from shared.api.sight import clients_of
from shared.api.versions import ready
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "checks",
    __name__,
    url_prefix="/api/v1/notifications/checks",
    description="Would this message go to this client on this channel now, and if not, why?",
)

NEEDS = "preferences.read"
OF_OTHERS = text(
    "SELECT EXISTS (SELECT FROM clients WHERE id = ANY(CAST(:ids AS uuid[]))"
    " AND preferred_branch_id IS NOT NULL AND preferred_branch_id <> ALL(CAST(:seen AS uuid[])))"
)


@door.post("", needs=NEEDS)
@door.arguments(Question)
@door.response(200, Answers)
def check(given: dict[str, Any]) -> Any:
    """Answers for one message or for many at once. It sends nothing, and promises nothing for later."""
    asked = [Asked(**each) for each in given["asked"]]
    with reading() as connection:
        _must_know(connection, asked)
        found = question.answers(connection, asked, platform().config)
    shown = [
        {
            "client_id": answer.asked.client_id,
            "kind": answer.asked.kind,
            "channel": answer.asked.channel,
            **answer.kept(),
        }
        for answer in found
    ]
    return ready({"answers": shown})


def _must_know(connection: Any, asked: list[Asked]) -> None:
    """Raises NotFound when one of them is a client of whom the one who asks may not know."""
    seen = clients_of(NEEDS)
    if seen is not None:
        ids = list({each.client_id for each in asked})
        if connection.execute(OF_OTHERS, {"ids": ids, "seen": seen}).scalar():
            raise NotFound(NOT_FOUND)
