"""The account balance of a client in a currency, and its log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base, Money

KINDS = ("added", "subtracted", "credited", "spent", "refunded")
"""The first two by hand, the others by the system."""


class Balance(Base):
    __tablename__ = "balances"
    __table_args__ = (UniqueConstraint("client_id", "currency"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    currency: Mapped[str]
    version: Mapped[int]
    amount: Mapped[Money]
    """Above zero the chain owes the client."""


class BalanceMovement(Base):
    __tablename__ = "balance_movements"
    __table_args__ = (
        # What the system moves has its cause as reference, and moves once.
        UniqueConstraint("client_id", "currency", "kind", "reference"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_balance_movements_client_id", "client_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    currency: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[Money]
    """What it adds; negative when it takes."""
    balance: Mapped[Money]
    """After it."""
    description: Mapped[str]
    branch_id: Mapped[UUID]
    reference: Mapped[str | None]
    actor: Mapped[str]
    at: Mapped[datetime]
