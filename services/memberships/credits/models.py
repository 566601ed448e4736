"""Credits: services that are paid for already. A row is a lot; every movement on it stays."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base

STATUSES = ("active", "suspended", "expired", "withdrawn")
"""`suspended` by staff or a dispute: it counts, and cannot be used. A lot that is used up stays active."""


class Credit(Base):
    __tablename__ = "credits"
    __table_args__ = (
        UniqueConstraint("due_id", "position"),
        CheckConstraint("quantity > 0 AND available >= 0 AND held >= 0 AND used >= 0 AND lapsed >= 0", name="no_less"),
        CheckConstraint("available + held + used + lapsed = quantity", name="adds_up"),
        CheckConstraint("(service_id IS NULL) <> (category IS NULL)", name="of_a_service_or_a_category"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        Index("ix_credits_client_id", "client_id", "expires_on", "id"),
        Index("ix_credits_membership_id", "membership_id", "id"),
        Index("ix_credits_expires_on", "expires_on", postgresql_where=text("available > 0 AND status = 'active'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    source: Mapped[str]
    """membership, or service_credit for those bought ahead."""
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("memberships.id"))
    due_id: Mapped[UUID | None] = mapped_column(ForeignKey("dues.id"))
    """The period that earned it."""
    position: Mapped[int | None]
    """Which of the terms' benefits it is: a period earns each once."""
    service_id: Mapped[UUID | None]
    category: Mapped[str | None]
    quantity: Mapped[int]
    available: Mapped[int]
    held: Mapped[int]
    used: Mapped[int]
    lapsed: Mapped[int]
    """Expired or taken away."""
    status: Mapped[str]
    expires_on: Mapped[date | None]
    """The first day on which it cannot be used; None: never."""
    comment: Mapped[str]
    issued_at: Mapped[datetime]


class CreditMovement(Base):
    __tablename__ = "credit_movements"
    __table_args__ = (Index("ix_credit_movements_credit_id", "credit_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("credits.id"))
    kind: Mapped[str]
    """issued, held, used, released, expired, withdrawn, changed."""
    quantity: Mapped[int]
    available: Mapped[int]
    """After it."""
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_holds.id"))
    reason: Mapped[str | None]
    actor: Mapped[str]
    at: Mapped[datetime]


class CreditHold(Base):
    """Credits kept for an appointment."""

    __tablename__ = "credit_holds"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("state IN ('held', 'used', 'released')", name="state"),
        Index("ix_credit_holds_client_id", "client_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    service_id: Mapped[UUID]
    quantity: Mapped[int]
    reference: Mapped[str]
    """The appointment: once per reference."""
    state: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CreditHoldPart(Base):
    __tablename__ = "credit_hold_parts"

    hold_id: Mapped[UUID] = mapped_column(ForeignKey("credit_holds.id"), primary_key=True)
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("credits.id"), primary_key=True)
    quantity: Mapped[int]
