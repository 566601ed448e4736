"""The weights that were taken of a client: rows are added and never changed."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base

GRAMS = {"kg": Decimal(1000), "lb": Decimal("453.59237")}
"""Of each unit; the pound is defined by the kilogram, so this is exact."""


class Weight(Base):
    __tablename__ = "weights"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        CheckConstraint("unit IN ('kg', 'lb')", name="unit"),
        Index("ix_weights_client_id", "client_id", "taken_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    grams: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Numeric(7, 3))
    """As it was read from the scales, in `unit`."""
    unit: Mapped[str]
    taken_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


def grams_of(value: Decimal, unit: str) -> int:
    """Whole grams of a weight, halves up."""
    return int((value * GRAMS[unit]).to_integral_value(ROUND_HALF_UP))
