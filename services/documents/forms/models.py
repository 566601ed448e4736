"""A form, its versions, and the pictures in it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models import Base


class Form(Base):
    __tablename__ = "forms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]]
    """What it is called in other languages, by their codes; `name` where one is missing."""
    valid_months: Mapped[int | None]
    """How long a completed one is good; None for ever."""
    number: Mapped[int]
    """Of the version that is assigned from now on."""
    active: Mapped[bool]

    FIELDS = ("name", "names", "valid_months", "active")

    def details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}


Index("uq_forms_name", func.lower(Form.name), unique=True)


class FormVersion(Base):
    """What a form asks. Such a row is never changed."""

    __tablename__ = "form_versions"

    form_id: Mapped[UUID] = mapped_column(ForeignKey(Form.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    questions: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class FormImage(Base):
    """A picture that a form shows."""

    __tablename__ = "form_images"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
