"""Cards on file, and who a client is to a gateway."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base

TO_FORGET = "removed_at IS NOT NULL AND forgotten_at IS NULL"
SAID = ("id", "client_id", "brand", "last_four", "exp_month", "exp_year", "is_default")
DETAILS = ("brand", "last_four", "exp_month", "exp_year", "is_default", "position", "for_others")


class Card(Base):
    __tablename__ = "cards"
    __table_args__ = (
        UniqueConstraint("account", "token"),
        CheckConstraint("exp_month BETWEEN 1 AND 12", name="exp_month"),
        CheckConstraint("last_four ~ '^[0-9]{4}$'", name="last_four"),
        Index("ix_cards_client_id", "client_id", "position", postgresql_where=text("removed_at IS NULL")),
        Index(
            "uq_cards_one_default", "client_id", "account", unique=True,
            postgresql_where=text("is_default AND removed_at IS NULL"),
        ),
        Index("ix_cards_expiry", "exp_year", "exp_month", postgresql_where=text("removed_at IS NULL")),
        Index("ix_cards_to_forget", "removed_at", postgresql_where=text(TO_FORGET)),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    account: Mapped[str]
    """Of the gateway; a branch's policy names its own."""
    token: Mapped[str]
    """The gateway's; nobody else can charge by it."""
    brand: Mapped[str]
    last_four: Mapped[str]
    exp_month: Mapped[int]
    exp_year: Mapped[int]
    is_default: Mapped[bool]
    position: Mapped[int]
    """The order in which other cards are tried."""
    for_others: Mapped[bool]
    """Whether the client agreed that it is tried when another card fails."""
    agreement: Mapped[str]
    """The text that the client agreed to."""
    agreement_version: Mapped[str]
    agreed_at: Mapped[datetime]
    added_by: Mapped[str]
    noticed_days: Mapped[int | None]
    """The last notice of its expiry: 30, 15 or 7 days before."""
    removed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    """When the gateway was told to forget it, after it was removed."""

    def details(self) -> dict[str, Any]:
        """What people see change."""
        return {name: getattr(self, name) for name in DETAILS}

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {name: getattr(self, name) for name in SAID}


class GatewayCustomer(Base):
    __tablename__ = "gateway_customers"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
