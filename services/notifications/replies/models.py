"""What somebody has written back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Reply(Base):
    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("provider_id"),
        Index("ix_replies_client_id", "client_id", "id"),
        Index("ix_replies_unread", "id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID | None]
    """The client with that number to whom we wrote last."""
    message_id: Mapped[UUID | None]
    """What we had written."""
    number: Mapped[str | None]
    body: Mapped[str | None]
    provider_id: Mapped[str]
    received_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str | None]
