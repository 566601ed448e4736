"""Dues: what is owed on a day: a period of a membership, a fee, a plan change, a gift card paid by card."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.gift_cards.models import GiftCard
from services.memberships.memberships.models import Membership
from services.memberships.models import Base, Money

KINDS = ("period", "cancellation_fee", "freeze_fee", "unfreeze", "plan_change", "gift_card")
STATES = ("open", "paid", "settled", "skipped", "written_off", "refunded", "disputed", "lost")
"""`paid` by card, `settled` by other means."""
TENDERS = ("card", "cash", "terminal", "transfer", "balance")


class Due(Base):
    """Events call it a payment: `memberships.payment.…`, with this row as their subject."""

    __tablename__ = "dues"
    __table_args__ = (
        UniqueConstraint("membership_id", "number"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(kind = 'period') = (number IS NOT NULL)", name="only_periods_are_numbered"),
        CheckConstraint("(number IS NULL) = (starts_on IS NULL)", name="a_period_has_days"),
        CheckConstraint("amount >= 0 AND refunded >= 0 AND refunded <= amount", name="refunded"),
        ExcludeConstraint(
            ("membership_id", "="),
            (func.daterange(literal_column("starts_on"), literal_column("ends_on")), "&&"),
            using="gist",
            where=text("kind = 'period'"),
            name="ex_dues_periods_never_overlap",
        ),
        Index("ix_dues_retry_at", "retry_at", "id", postgresql_where=text("state = 'open' AND retry_at IS NOT NULL")),
        Index("ix_dues_client_id", "client_id", "id"),
        Index("ix_dues_open", "branch_id", "due_on", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey(Membership.id))
    gift_card_id: Mapped[UUID | None] = mapped_column(ForeignKey(GiftCard.id))
    client_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    employee_id: Mapped[UUID | None]
    """Who sold it: others pay commissions by it."""
    number: Mapped[int | None]
    """Of the period; grows by one."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The first day after the period."""
    plan_id: Mapped[UUID | None]
    terms_number: Mapped[int | None]
    policy: Mapped[dict[str, Any]]
    """The policy in force when it was raised."""
    due_on: Mapped[date]
    invoice_number: Mapped[str | None]
    """As people read it; None for a period that was skipped and has no invoice."""
    amount: Mapped[Money]
    """What is asked for."""
    from_balance: Mapped[Money] = mapped_column(default=0, server_default="0")
    """What the client's balance had paid of the invoice before the amount was asked for."""
    currency: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    """How many were made."""
    retry_at: Mapped[datetime | None]
    """When the next attempt is made by itself; None while none is planned."""
    tender: Mapped[str | None]
    reference: Mapped[str | None]
    """What the till or the bank calls the payment that settled it."""
    refunded: Mapped[Money]
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    def state_of_payment(self) -> dict[str, Any]:
        """What events say of it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "membership_id": self.membership_id,
            "client_id": self.client_id,
            "payer_id": self.payer_id,
            "branch_id": self.branch_id,
            "employee_id": self.employee_id,
            "period": self.number,
            "period_starts_on": self.starts_on,
            "period_ends_on": self.ends_on,
            "due_on": self.due_on,
            "invoice_number": self.invoice_number,
            "amount": self.amount,
            "currency": self.currency,
        }
