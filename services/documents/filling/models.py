"""What was signed, and what lets a client at the desk fill in one form."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.assignments.models import Assignment
from services.documents.contents.models import Blob
from services.documents.models import Base

PAPERS = ("waiting", "made", "failed")


class Submission(Base):
    """The answers as they were signed. They are never changed; they go when the person is erased."""

    __tablename__ = "form_submissions"
    __table_args__ = (
        CheckConstraint(f"paper IN {PAPERS}", name="paper"),
        Index("ix_form_submissions_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_form_submissions_blob_id", "blob_id"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey(Assignment.id), primary_key=True)
    answers: Mapped[dict[str, Any]]
    answers_sha256: Mapped[str]
    """Of `evidence.canonical`: the answers with who, when, from where."""
    language: Mapped[str]
    """In which the form was read."""
    signed_at: Mapped[datetime]
    signed_by: Mapped[str]
    address: Mapped[str]
    browser: Mapped[str]
    handed_over_by: Mapped[str | None]
    """The member of staff whose tablet it was; None in the portal."""
    paper: Mapped[str]
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey(Blob.id))
    """Of the PDF, once it is made."""
    due_at: Mapped[datetime | None]
    """When a worker goes on with the PDF; None when nothing is left to do."""
    attempts: Mapped[int]


class Handover(Base):
    """Lets whoever holds the token fill in one form, for a while."""

    __tablename__ = "form_handovers"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey(Assignment.id))
    by: Mapped[str]
    until: Mapped[datetime]
