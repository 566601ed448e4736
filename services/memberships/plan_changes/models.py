"""Changes of plan that wait for their day, or were made."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.memberships.models import Membership
from services.memberships.models import Base
from services.memberships.plans.models import PlanTerms


class PlanChange(Base):
    __tablename__ = "plan_changes"
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "terms_number"], [PlanTerms.plan_id, PlanTerms.number]),
        CheckConstraint("state IN ('waiting', 'done', 'withdrawn')", name="state"),
        Index("uq_plan_changes_one_waits", "membership_id", unique=True, postgresql_where=text("state = 'waiting'")),
        Index("ix_plan_changes_due", "effective_on", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey(Membership.id))
    plan_id: Mapped[UUID]
    terms_number: Mapped[int]
    effective_on: Mapped[date]
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
