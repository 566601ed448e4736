"""Plans, and the versions of their terms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base
from services.memberships.plans.terms import Terms


class Plan(Base):
    __tablename__ = "plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Of this row, not of the terms."""
    name: Mapped[str]
    description: Mapped[str]
    branch_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """The branches that sell it; empty for all."""
    terms_number: Mapped[int]
    """The newest version of the terms, which new members get."""
    active: Mapped[bool]
    created_at: Mapped[datetime]

    def details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "description", "branch_ids", "active")}

    def state(self, terms: Terms) -> dict[str, Any]:
        """What the events say of it, with its newest terms."""
        return {
            "id": self.id,
            "name": self.name,
            "terms_number": self.terms_number,
            "price": terms.price,
            "currency": terms.currency,
            "interval_unit": terms.interval.unit,
            "interval_count": terms.interval.count,
            "branch_ids": self.branch_ids,
            "active": self.active,
        }

    def sold_at(self, branch_id: UUID) -> bool:
        return self.active and (not self.branch_ids or branch_id in self.branch_ids)


class PlanTerms(Base):
    """A version of a plan's terms. It never changes: members keep theirs until they are moved."""

    __tablename__ = "plan_terms"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]

    def read(self) -> Terms:
        return Terms.read(self.terms)
