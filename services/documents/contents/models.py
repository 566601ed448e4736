"""The bytes of a client's file, kept once however often it was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models import Base

SCANS = ("none", "waiting", "clean", "infected")
PREPARATIONS = ("none", "waiting", "made", "failed")


class Blob(Base):
    __tablename__ = "blobs"
    __table_args__ = (
        UniqueConstraint("client_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(f"scan IN {SCANS}", name="scan"),
        CheckConstraint(f"preparation IN {PREPARATIONS}", name="preparation"),
        Index("ix_blobs_due_at", "due_at", "id", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    """As its bytes say, whatever its name said."""
    scan: Mapped[str]
    """`none` where no scanner is set up."""
    preparation: Mapped[str]
    """Of its thumbnail, and of the rendition of a picture that lies on its side or tells where it was taken."""
    problem: Mapped[str | None]
    """Why it could not be prepared, for operations."""
    due_at: Mapped[datetime | None]
    """When a worker goes on with it; None when nothing is left to do."""
    attempts: Mapped[int]
    has_thumbnail: Mapped[bool]
    has_rendition: Mapped[bool]
    created_at: Mapped[datetime]

    @property
    def key(self) -> str:
        return f"{self.client_id}/{self.id}"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}.thumbnail"

    @property
    def rendition_key(self) -> str:
        """What is handed out in place of the bytes as they came."""
        return f"{self.key}.rendition"

    @property
    def keys(self) -> list[str]:
        """Everything that the store holds of it."""
        own = [self.key]
        own += [self.thumbnail_key] if self.has_thumbnail else []
        return own + ([self.rendition_key] if self.has_rendition else [])

    @property
    def may_be_opened(self) -> bool:
        return self.scan in ("none", "clean")
