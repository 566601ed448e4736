"""Attempts, refunds and disputes: rows first, then the call, then its outcome in the row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.cards.models import Card
from services.memberships.dues.models import Due
from services.memberships.models import Base, Money

ATTEMPT_STATES = (
    "written", "sent", "needs_client", "processing", "unknown", "succeeded", "declined_soft", "declined_hard", "void",
)  # fmt: skip
OPEN = ("written", "sent", "needs_client", "processing", "unknown")
"""Of which a due has at most one."""
REFUND_STATES = ("written", "sent", "unknown", "succeeded", "failed")
DISPUTE_STATES = ("open", "won", "lost")


class Attempt(Base):
    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("due_id", "number"),
        UniqueConstraint("account", "gateway_id"),
        CheckConstraint(f"state IN {ATTEMPT_STATES}", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_attempts_one_is_open", "due_id", unique=True, postgresql_where=text(f"state IN {OPEN}")),
        Index("ix_attempts_look_at", "look_at", "id", postgresql_where=text(f"state IN {OPEN}")),
        Index("ix_attempts_card_id", "card_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    due_id: Mapped[UUID] = mapped_column(ForeignKey(Due.id))
    number: Mapped[int]
    card_id: Mapped[UUID] = mapped_column(ForeignKey(Card.id))
    account: Mapped[str]
    amount: Mapped[Money]
    currency: Mapped[str]
    state: Mapped[str]
    gateway_id: Mapped[str | None]
    """What the gateway calls it; committed before it is confirmed, so that a lost answer can be asked for."""
    code: Mapped[str | None]
    """Why it was declined, as the gateway says it."""
    client_url: Mapped[str | None]
    """Where the client confirms it with their bank."""
    actor: Mapped[str]
    """Who started it: `staff:<id>`, or `service:memberships` for the clock."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    """When a worker goes on with it; None when only the client or a webhook can."""
    looks: Mapped[int]
    cancel_asked_at: Mapped[datetime | None]
    """Since when it is to be cancelled at the gateway; it may succeed before that."""
    next_card_id: Mapped[UUID | None] = mapped_column(ForeignKey("cards.id"))
    """The card that is asked in its place, once it is cancelled."""
    sealed_at: Mapped[datetime | None]
    """Since when the gateway can never take anything by it: before that, no other attempt at its due is confirmed."""


class Refund(Base):
    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint(f"state IN {REFUND_STATES}", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(destination = 'card') = (attempt_id IS NOT NULL)", name="destination"),
        Index("ix_refunds_look_at", "look_at", "id", postgresql_where=text("look_at IS NOT NULL")),
        Index("ix_refunds_due_id", "due_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    due_id: Mapped[UUID] = mapped_column(ForeignKey(Due.id))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempts.id"))
    destination: Mapped[str]
    """card or balance."""
    amount: Mapped[Money]
    currency: Mapped[str]
    state: Mapped[str]
    account: Mapped[str | None]
    gateway_id: Mapped[str | None]
    code: Mapped[str | None]
    reason: Mapped[str]
    surplus: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The due was paid already when this money came, late: it goes back whole, and the due is as it was."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    looks: Mapped[int]


class Dispute(Base):
    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("account", "gateway_id"),
        CheckConstraint(f"state IN {DISPUTE_STATES}", name="state"),
        Index("ix_disputes_due_id", "due_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    due_id: Mapped[UUID] = mapped_column(ForeignKey(Due.id))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"))
    account: Mapped[str]
    gateway_id: Mapped[str]
    amount: Mapped[Money]
    currency: Mapped[str]
    reason: Mapped[str | None]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
