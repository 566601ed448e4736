"""The services on offer and their price at each branch."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from services.directory.models import Base
from shared.folding import fold


class Service(Base):
    __tablename__ = "services"
    __table_args__ = (
        UniqueConstraint("category", "sorting"),
        CheckConstraint("duration_minutes > 0", name="duration"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    sorting: Mapped[str] = mapped_column(Text(collation="C"))
    category: Mapped[str]
    duration_minutes: Mapped[int]
    active: Mapped[bool]
    prices: Mapped[list["Price"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @validates("name")
    def _sort_by(self, _: str, name: str) -> str:
        self.sorting = fold(name)
        return name

    def shown(self) -> dict[str, Any]:
        """What the API shows."""
        return {"id": self.id, "version": self.version, **self.details()}

    def details(self) -> dict[str, Any]:
        """What people may change, in the shape that the API shows."""
        return {
            "name": self.name,
            "category": self.category,
            "duration_minutes": self.duration_minutes,
            "prices": [price.shown() for price in sorted(self.prices, key=lambda price: price.branch_id)],
            "active": self.active,
        }

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {"id": self.id, **self.details()}

    def ask(self, prices: list[dict[str, Any]]) -> None:
        """Takes these prices in place of the ones before."""
        before = {price.branch_id: price for price in self.prices}
        after = []
        for wanted in prices:
            price = before.get(wanted["branch_id"]) or Price(branch_id=wanted["branch_id"])
            price.amount, price.currency = wanted["amount"], wanted["currency"]
            after.append(price)
        self.prices = after


class Price(Base):
    """In minor units of the branch's currency; a branch without a price does not offer the service."""

    __tablename__ = "service_prices"
    __table_args__ = (
        ForeignKeyConstraint(["branch_id", "currency"], ["branches.id", "branches.currency"]),
        CheckConstraint("amount >= 0", name="amount"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)

    def shown(self) -> dict[str, Any]:
        return {"branch_id": self.branch_id, "amount": self.amount, "currency": self.currency}
