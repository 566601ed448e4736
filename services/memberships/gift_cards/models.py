"""Gift cards, and the movements that add up to what is left on each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base, Money

STATES = ("awaits_payment", "active", "blocked", "expired", "refunded")
MOVEMENTS = (
    "sold", "redeemed", "reversed", "refunded", "adjusted", "blocked", "unblocked", "extended", "expired",
)  # fmt: skip


STATE = (
    "id", "last_four", "buyer_id", "holder_id", "branch_id", "employee_id", "amount", "balance", "currency",
    "state", "expires_on",
)  # fmt: skip
"""What events say of a gift card."""


class GiftCard(Base):
    __tablename__ = "gift_cards"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("balance >= 0", name="never_overdrawn"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_gift_cards_buyer_id", "buyer_id", "id"),
        Index("ix_gift_cards_holder_id", "holder_id", "id"),
        Index("ix_gift_cards_expires_on", "expires_on", postgresql_where=text("state = 'active'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed: who reads the database cannot try all codes."""
    last_four: Mapped[str]
    buyer_id: Mapped[UUID | None]
    holder_id: Mapped[UUID | None]
    """A client, once one is known."""
    holder_name: Mapped[str]
    branch_id: Mapped[UUID]
    employee_id: Mapped[UUID | None]
    amount: Mapped[Money]
    balance: Mapped[Money]
    currency: Mapped[str]
    state: Mapped[str]
    expires_on: Mapped[date | None]
    """The first day on which it is not taken."""
    created_at: Mapped[datetime]


class GiftCardMovement(Base):
    __tablename__ = "gift_card_movements"
    __table_args__ = (
        CheckConstraint(f"kind IN {MOVEMENTS}", name="kind"),
        Index("ix_gift_card_movements_gift_card_id", "gift_card_id", "id"),
        Index(
            "uq_gift_card_movements_redeemed_once",
            "gift_card_id",
            "reference",
            unique=True,
            postgresql_where=text("kind = 'redeemed'"),
        ),
        Index(
            "uq_gift_card_movements_reversed_once",
            "of_movement_id",
            unique=True,
            postgresql_where=text("kind = 'reversed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    gift_card_id: Mapped[UUID] = mapped_column(ForeignKey("gift_cards.id"))
    kind: Mapped[str]
    amount: Mapped[Money]
    """What it adds; negative when it takes."""
    balance: Mapped[Money]
    """After it."""
    branch_id: Mapped[UUID]
    reference: Mapped[str | None]
    """The receipt of the till."""
    of_movement_id: Mapped[UUID | None] = mapped_column(ForeignKey("gift_card_movements.id"))
    """What a reversal takes back."""
    reason: Mapped[str | None]
    actor: Mapped[str]
    at: Mapped[datetime]


class Lookup(Base):
    """Somebody asked for a gift card by a code."""

    __tablename__ = "gift_card_lookups"
    __table_args__ = (
        Index("ix_gift_card_lookups_caller", "caller", "at"),
        Index("ix_gift_card_lookups_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    caller: Mapped[str]
    at: Mapped[datetime]
    cost: Mapped[int]
    """Of what a caller has in the window; a wrong code costs more."""
