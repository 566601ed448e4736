"""Freezes of memberships, in local days."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.memberships.models import Membership
from services.memberships.models import Base, Money


class Freeze(Base):
    __tablename__ = "freezes"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'running', 'over', 'withdrawn')", name="state"),
        CheckConstraint("ends_on > starts_on", name="days"),
        ExcludeConstraint(
            ("membership_id", "="),
            (func.daterange(literal_column("starts_on"), literal_column("ends_on")), "&&"),
            using="gist",
            where=text("state <> 'withdrawn'"),
            name="ex_freezes_never_overlap",
        ),
        Index(
            "ix_freezes_next", "state", "starts_on", "ends_on", postgresql_where=text("state IN ('planned', 'running')")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey(Membership.id))
    mode: Mapped[str]
    rule: Mapped[dict[str, Any]]
    """The terms' rule for the mode, as it was."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The first day after it."""
    fee: Mapped[Money]
    fee_per: Mapped[str]
    fees: Mapped[int] = mapped_column(default=0)
    """How often the fee was charged."""
    shifted_days: Mapped[int] = mapped_column(default=0)
    """By how many days the payments were shifted."""
    given_back: Mapped[list[Any]] = mapped_column(default=list)
    """What was paid already for frozen days and went to the balance: `{"due_id", "from", "until", "amount"}`."""
    reason: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]

    def details(self) -> dict[str, Any]:
        """What events say of it beside the membership."""
        return {
            "freeze_id": self.id,
            "mode": self.mode,
            "frozen_from": self.starts_on,
            "frozen_until": self.ends_on,
        }
