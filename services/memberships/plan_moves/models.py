"""Moves of a plan's members to its newest terms, and how far they have come."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base
from services.memberships.plans.models import PlanTerms


class PlanMove(Base):
    __tablename__ = "plan_moves"
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "terms_number"], [PlanTerms.plan_id, PlanTerms.number]),
        CheckConstraint("state IN ('running', 'done')", name="state"),
        Index("uq_plan_moves_one_runs", "plan_id", unique=True, postgresql_where=text("state = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    terms_number: Mapped[int]
    """The version to which they are moved."""
    from_terms: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """The versions whose members are moved; empty for all before it."""
    effective_on: Mapped[date]
    """The first period that begins on this day or later is the first by the new terms."""
    state: Mapped[str]
    members: Mapped[int]
    """How many there were to move when it was begun."""
    moved: Mapped[int]
    last_id: Mapped[UUID | None]
    """The last membership that was looked at: it goes on after it."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
