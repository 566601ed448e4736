"""States every client, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.profiles.client import state
from services.clients.profiles.rows import READ
from shared.contracts.clients import CLIENT_STATED
from shared.events.announce import Announcement, Stated

PAGE = text(
    f"SELECT {', '.join(READ)} FROM clients WHERE CAST(:after AS uuid) IS NULL OR id > :after"
    " ORDER BY id LIMIT :limit FOR SHARE"
)


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    for row in session.execute(PAGE, {"after": after, "limit": limit}).mappings():
        yield row["id"], row["version"], state(dict(row))


def count(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM clients")).scalar_one())


ANNOUNCEMENTS = [Announcement("client", CLIENT_STATED, page, count)]
