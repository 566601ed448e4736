"""Invoices and credit notes. A row is written once and never changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.dues.models import Due
from services.memberships.models import Base, Money
from services.memberships.payments.models import Refund


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("branch_id", "series", "number"),
        UniqueConstraint("due_id", "kind", "refund_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("net + tax = total", name="adds_up"),
        Index("ix_invoices_client_id", "client_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    branch_id: Mapped[UUID]
    series: Mapped[str]
    number: Mapped[int]
    """Without gaps in a branch's series."""
    due_id: Mapped[UUID] = mapped_column(ForeignKey(Due.id))
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey(Refund.id))
    """With a credit note: what it gives back."""
    client_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    currency: Mapped[str]
    lines: Mapped[list[Any]]
    taxes: Mapped[list[Any]]
    """`{"category", "rate", "net", "tax"}`, one for each rate."""
    net: Mapped[Money]
    tax: Mapped[Money]
    total: Mapped[Money]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]


class InvoiceNumber(Base):
    """The last number of a series. Its row lock makes numbers without gaps, so it is taken last and held briefly."""

    __tablename__ = "invoice_numbers"

    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
