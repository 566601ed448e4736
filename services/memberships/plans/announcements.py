"""States every plan, so that a copy can be filled."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from services.memberships.plans.models import Plan, PlanTerms
from shared.contracts.memberships import PLAN_STATED
from shared.events.announce import Announcement, Stated

NEWEST = and_(PlanTerms.plan_id == Plan.id, PlanTerms.number == Plan.terms_number)


def page(session: Session, after: UUID | None, limit: int) -> Iterator[Stated]:
    statement = select(Plan, PlanTerms).join(PlanTerms, NEWEST).order_by(Plan.id).limit(limit)
    if after:
        statement = statement.where(Plan.id > after)
    for plan, terms in session.execute(statement.with_for_update(read=True, of=Plan)):
        yield plan.id, plan.version, plan.state(terms.read())


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Plan)) or 0


ANNOUNCEMENTS = [Announcement("plan", PLAN_STATED, page, count)]
