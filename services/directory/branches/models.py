"""The chain's branches."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.directory.models import Base
from shared.folding import fold

DETAILS = ("name", "address", "country", "time_zone", "currency", "language", "weight_unit", "active")


class Branch(Base):
    __tablename__ = "branches"
    __table_args__ = (
        UniqueConstraint("sorting"),
        # What a price refers to, so that the database keeps prices in their branch's currency.
        UniqueConstraint("id", "currency"),
        CheckConstraint("weight_unit IN ('kg', 'lb')", name="weight_unit"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    sorting: Mapped[str] = mapped_column(Text(collation="C"))
    address: Mapped[dict[str, Any] | None]
    country: Mapped[str]
    time_zone: Mapped[str]
    currency: Mapped[str]
    language: Mapped[str]
    weight_unit: Mapped[str]
    active: Mapped[bool]

    @validates("name")
    def _sort_by(self, _: str, name: str) -> str:
        self.sorting = fold(name)
        return name

    def shown(self) -> dict[str, Any]:
        """What the API shows."""
        return {"id": self.id, "version": self.version, **self.details()}

    def details(self) -> dict[str, Any]:
        """What people may change, in the shape that the API shows."""
        return {name: getattr(self, name) for name in DETAILS}

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {"id": self.id, **{name: value for name, value in self.details().items() if name != "address"}}
