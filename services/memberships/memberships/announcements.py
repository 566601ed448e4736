"""States every membership, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.memberships.memberships.models import Membership
from shared.contracts.memberships import MEMBERSHIP_STATED
from shared.events.announce import Announcement, Stated


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    statement = select(Membership).order_by(Membership.id).limit(limit).with_for_update(read=True)
    if after:
        statement = statement.where(Membership.id > after)
    for membership in session.scalars(statement):
        yield membership.id, membership.version, membership.state()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Membership)) or 0


ANNOUNCEMENTS = [Announcement("membership", MEMBERSHIP_STATED, page, count)]
