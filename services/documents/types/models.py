"""The chain's own list of document types."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models import Base


class DocumentType(Base):
    __tablename__ = "document_types"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]]
    """What it is called in other languages, by their codes; `name` where one is missing."""
    position: Mapped[int]
    active: Mapped[bool]

    FIELDS = ("name", "names", "position", "active")

    def details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}


Index("uq_document_types_name", func.lower(DocumentType.name), unique=True)
