"""A rule: on what, where and for whom a form is assigned."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.forms.models import Form
from services.documents.models import Base

TRIGGERS = ("new_client", "new_membership", "booked_service")


class Rule(Base):
    __tablename__ = "form_rules"
    __table_args__ = (
        CheckConstraint(f"trigger IN {TRIGGERS}", name="trigger"),
        Index("ix_form_rules_form_id", "form_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    form_id: Mapped[UUID] = mapped_column(ForeignKey(Form.id))
    trigger: Mapped[str]
    plan_id: Mapped[UUID | None]
    """Of a new membership; None for any plan."""
    service_id: Mapped[UUID | None]
    """Of what was booked; None for any service."""
    branch_id: Mapped[UUID | None]
    """None for every branch."""
    first_visit_only: Mapped[bool]
    renews: Mapped[bool]
    """Whether it is assigned again by itself when a completed one is no longer good."""
    active: Mapped[bool]

    FIELDS = ("form_id", "trigger", "plan_id", "service_id", "branch_id", "first_visit_only", "renews", "active")

    def details(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.FIELDS}


class FirstVisit(Base):
    """The first appointment of a client that we heard of."""

    __tablename__ = "first_visits"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID]
