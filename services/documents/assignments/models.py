"""A form that a client has to fill in, or has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.forms.models import Form
from services.documents.models import Base

OPEN = ("assigned", "opened")
STATES = (*OPEN, "completed", "removed", "expired")


class Assignment(Base):
    __tablename__ = "form_assignments"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_form_assignments_client_id", "client_id", "id"),
        Index(
            "uq_form_assignments_open",
            "client_id",
            "form_id",
            unique=True,
            postgresql_where=text(f"state IN {OPEN}"),
        ),
        Index("ix_form_assignments_valid_until", "valid_until", postgresql_where=text("state = 'completed'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    branch_id: Mapped[UUID | None]
    """Where it is wanted; None for a client of no branch yet."""
    form_id: Mapped[UUID] = mapped_column(ForeignKey(Form.id))
    number: Mapped[int]
    """The version of the form that it asks: that of the day on which it was assigned."""
    state: Mapped[str]
    rule_id: Mapped[UUID | None]
    """The rule that assigned it; None by hand. The rule may be gone."""
    due_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str]
    opened_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    """The end of the last local day on which a completed one is good; None for ever."""
    answers: Mapped[dict[str, Any]]
    """What was typed so far. Empty once it is completed: then the submission holds the answers."""


class Reading(Base):
    """Somebody read what was answered."""

    __tablename__ = "form_readings"
    __table_args__ = (Index("ix_form_readings_assignment_id", "assignment_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey(Assignment.id))
    how: Mapped[str]
    actor: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
