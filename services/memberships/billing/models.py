"""How far the billing clock has come, and what it found too late to charge without asking."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base


class ClockProgress(Base):
    """One row: until when everything that was due has been raised."""

    __tablename__ = "clock_progress"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    caught_up_at: Mapped[datetime]


class CatchUp(Base):
    """The clock was off for too long: what it would charge now waits for a person's word."""

    __tablename__ = "catch_ups"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'confirmed')", name="state"),
        Index("uq_catch_ups_one_waits", "state", unique=True, postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    off_since: Mapped[datetime]
    found_at: Mapped[datetime]
    totals: Mapped[list[Any]]
    """`{"currency", "memberships", "periods", "skipped", "amount"}`, one for each currency."""
    state: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
