"""An address or a number that nothing is sent to, kept as a hash: it outlives the client who had it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base

REASONS = ("stop", "hard_bounce", "complaint", "invalid", "by_hand")


class Suppression(Base):
    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        Index(
            "uq_suppressions_address",
            "channel",
            "address_hash",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
        Index("ix_suppressions_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    channel: Mapped[str]
    address_hash: Mapped[str]
    address_masked: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]
