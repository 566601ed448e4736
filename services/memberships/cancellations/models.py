"""Cancellations, those that wait for their day and those that were carried out."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.models import Base, Money


class Cancellation(Base):
    __tablename__ = "cancellations"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'withdrawn')", name="state"),
        CheckConstraint("waived = (waive_reason IS NOT NULL)", name="waived"),
        Index("uq_cancellations_one_waits", "membership_id", unique=True, postgresql_where=text("state = 'waiting'")),
        Index("ix_cancellations_due", "ends_on", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey(Membership.id))
    ends_on: Mapped[date]
    """The first day without benefits."""
    reason: Mapped[str]
    fee: Mapped[Money]
    """What is charged; 0 when waived."""
    explanation: Mapped[dict[str, Any]]
    """How the fee came about, as it was shown."""
    waived: Mapped[bool]
    waive_reason: Mapped[str | None]
    fee_due_id: Mapped[UUID | None] = mapped_column(ForeignKey(Due.id))
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
