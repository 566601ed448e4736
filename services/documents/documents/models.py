"""A file of a client, and who opened it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.contents.models import Blob
from services.documents.models import Base
from services.documents.types.models import DocumentType

STATES = ("awaits_content", "ready", "deleted", "purged")
WAYS = ("viewed", "downloaded")


class Document(Base):
    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(blob_id IS NOT NULL) = (state IN ('ready', 'deleted'))", name="has_bytes"),
        Index("ix_documents_client_id", "client_id", "id"),
        Index("ix_documents_blob_id", "blob_id"),
        Index("ix_documents_deleted_at", "deleted_at", postgresql_where=text("state = 'deleted'")),
        Index("ix_documents_ticket_until", "ticket_until", postgresql_where=text("state = 'awaits_content'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    """Where it was added: who may see it is asked for this branch."""
    type_id: Mapped[UUID] = mapped_column(ForeignKey(DocumentType.id))
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    """Of its bytes; as it was announced while they are awaited."""
    visible_to_client: Mapped[bool]
    state: Mapped[str]
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey(Blob.id))
    ticket_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of what lets its bytes be sent, once."""
    ticket_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]

    FIELDS = ("type_id", "name", "visible_to_client")

    def details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}

    def said(self, media_type: str | None) -> dict[str, Any]:
        """What its events say of it."""
        names = ("id", "client_id", "branch_id", "type_id", "size", "visible_to_client")
        return {name: getattr(self, name) for name in names} | {"media_type": media_type}


class Opening(Base):
    """Somebody opened or downloaded it."""

    __tablename__ = "openings"
    __table_args__ = (
        CheckConstraint(f"how IN {WAYS}", name="how"),
        Index("ix_openings_document_id", "document_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    how: Mapped[str]
    actor: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
