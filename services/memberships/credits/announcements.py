"""States every lot of credits, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.memberships.credits.models import Credit
from shared.contracts.memberships import CREDIT_STATED
from shared.events.announce import Announcement, Stated


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    statement = select(Credit).order_by(Credit.id).limit(limit).with_for_update(read=True)
    if after:
        statement = statement.where(Credit.id > after)
    for credit in session.scalars(statement):
        yield credit.id, credit.version, credit.state()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Credit)) or 0


ANNOUNCEMENTS = [Announcement("credit", CREDIT_STATED, page, count)]
