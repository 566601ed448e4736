"""Memberships. Three independent facts say where one stands: lifecycle, standing and collection."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.cards.models import Card
from services.memberships.models import Base
from services.memberships.plans.models import PlanTerms

LIFECYCLES = ("pending", "trial", "active", "frozen", "ended")
STANDINGS = ("good", "past_due", "suspended")
COLLECTIONS = ("none", "retrying", "needs_client", "waits_for_card", "gave_up")


class Membership(Base):
    """Whoever changes one locks its row first; whoever bills one, too."""

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "terms_number"], [PlanTerms.plan_id, PlanTerms.number]),
        CheckConstraint(f"lifecycle IN {LIFECYCLES}", name="lifecycle"),
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        CheckConstraint(f"collection IN {COLLECTIONS}", name="collection"),
        # What the billing clock reads: only those that have something to come, in the order in which it comes.
        Index("ix_memberships_next_due_at", "next_due_at", "id", postgresql_where=text("next_due_at IS NOT NULL")),
        Index(
            "ix_memberships_to_notice", "next_due_at", "id",
            postgresql_where=text("next_due_at IS NOT NULL AND noticed_period < next_period"),
        ),
        Index("ix_memberships_client_id", "client_id", "id"),
        Index("ix_memberships_branch_id", "branch_id", "id"),
        Index("ix_memberships_card_id", "card_id"),
        Index("ix_memberships_plan_id", "plan_id", "terms_number", "id"),
        # Those whose first or last day is to come.
        Index("ix_memberships_starts_on", "starts_on", postgresql_where=text("lifecycle = 'pending'")),
        Index("ix_memberships_ends_on", "ends_on", postgresql_where=text("lifecycle <> 'ended'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    """Who pays; by default the client."""
    branch_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    terms_number: Mapped[int]
    employee_id: Mapped[UUID | None]
    """Who sold it."""
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey(Card.id))
    note: Mapped[str]
    currency: Mapped[str]
    discounts: Mapped[list[Any]]
    """`{"from_period", "periods" (None: for ever), "percent" or "amount", "reason"}`."""

    sold_on: Mapped[date]
    starts_on: Mapped[date]
    trial_ends_on: Mapped[date | None]
    """The first day that is paid for."""
    anchor: Mapped[date]
    """The first day of period `anchor_period`; the others are counted from it, so a month's end keeps its day."""
    anchor_period: Mapped[int]
    next_period: Mapped[int]
    """The number of the period that is billed next."""
    next_due_on: Mapped[date | None]
    next_due_at: Mapped[datetime | None]
    """The moment at which it is: the branch's hour on that day. None: nothing comes any more."""
    noticed_period: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last period whose renewal was announced ahead."""
    commitment_until: Mapped[date | None]
    """The first day on which leaving costs nothing."""
    ends_on: Mapped[date | None]
    """The first day without the membership, once that is known."""
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]

    lifecycle: Mapped[str]
    standing: Mapped[str]
    collection: Mapped[str]

    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]

    def details(self) -> dict[str, Any]:
        """What a person may change of it."""
        return {"card_id": self.card_id, "note": self.note}

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {
            "id": self.id,
            "client_id": self.client_id,
            "payer_id": self.payer_id,
            "branch_id": self.branch_id,
            "plan_id": self.plan_id,
            "terms_number": self.terms_number,
            "employee_id": self.employee_id,
            "currency": self.currency,
            "starts_on": self.starts_on,
            "next_period": self.next_period,
            "next_payment_on": self.next_due_on,
            "ends_on": self.ends_on,
            "lifecycle": self.lifecycle,
            "standing": self.standing,
            "collection": self.collection,
        }
