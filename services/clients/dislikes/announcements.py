"""States every dislike, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.clients.dislikes.models import Dislike
from shared.contracts.clients import DISLIKE_STATED
from shared.events.announce import Announcement, Stated


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    statement = select(Dislike).order_by(Dislike.id).limit(limit).with_for_update(read=True)
    if after:
        statement = statement.where(Dislike.id > after)
    for dislike in session.scalars(statement):
        yield dislike.id, dislike.version, dislike.state()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Dislike)) or 0


ANNOUNCEMENTS = [Announcement("dislike", DISLIKE_STATED, page, count)]
