"""Credits: services that are paid for already. A row is a lot; every movement on it stays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.models import Base

STATUSES = ("active", "suspended", "expired", "withdrawn")
"""`suspended` by staff or a dispute: it counts, and cannot be used. A lot that is used up stays active."""
SOURCES = ("membership", "service_credit")
FLOWS: dict[str, tuple[str | None, str | None]] = {
    "issued": (None, "available"),
    "rolled_in": (None, "available"),
    "held": ("available", "held"),
    "used": ("held", "used"),
    "released": ("held", "available"),
    "expired": ("available", "lapsed"),
    "withdrawn": ("available", "lapsed"),
    "removed": ("available", "lapsed"),
    "restored": ("lapsed", "available"),
    "changed": (None, None),
}
"""From where to where each kind of movement takes its quantity; from None it is new."""
MOVEMENTS = tuple(FLOWS)


class Credit(Base):
    __tablename__ = "credits"
    __table_args__ = (
        UniqueConstraint("due_id", "position"),
        CheckConstraint("quantity > 0 AND available >= 0 AND held >= 0 AND used >= 0 AND lapsed >= 0", name="no_less"),
        CheckConstraint("available + held + used + lapsed = quantity", name="adds_up"),
        CheckConstraint("rolled_over >= 0 AND rolled_over <= lapsed", name="rolled_over"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
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
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey(Membership.id))
    due_id: Mapped[UUID | None] = mapped_column(ForeignKey(Due.id))
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
    rollover_cap: Mapped[int | None]
    """How many of what is left at its expiry go over to the next period's lot; None: none does."""
    rolled_over: Mapped[int]
    """How many of `lapsed` did."""
    comment: Mapped[str]
    issued_at: Mapped[datetime]

    def flow(self, kind: str, quantity: int) -> None:
        """Takes a quantity from where it is to where `kind` says. Raises ValueError when there is not as much."""
        source, target = FLOWS[kind]
        if source is None:
            self.quantity += quantity if target else 0
        elif (left := getattr(self, source) - quantity) < 0 or quantity < 0:
            raise ValueError(f"{kind}: {quantity} of {getattr(self, source)} {source}")
        else:
            setattr(self, source, left)
        if target:
            setattr(self, target, getattr(self, target) + quantity)

    def state(self) -> dict[str, Any]:
        """What events say of it: not the comment."""
        return {name: getattr(self, name) for name in STATE}


STATE = (
    "id", "client_id", "branch_id", "source", "membership_id", "service_id", "category", "quantity",
    "available", "held", "used", "lapsed", "status", "expires_on",
)  # fmt: skip


class CreditMovement(Base):
    __tablename__ = "credit_movements"
    __table_args__ = (
        CheckConstraint(f"kind IN {MOVEMENTS}", name="kind"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_credit_movements_credit_id", "credit_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("credits.id"))
    kind: Mapped[str]
    """One of FLOWS."""
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
        CheckConstraint("quantity >= 0", name="quantity"),
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
