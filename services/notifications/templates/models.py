"""What the chain has written in the place of the texts that come with the product; every version stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Template(Base):
    __tablename__ = "templates"
    __table_args__ = (
        UniqueConstraint("type", "channel", "language", "number"),
        CheckConstraint("channel IN ('email', 'sms', 'push')", name="channel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    """Counts from 1; the highest holds."""
    subject: Mapped[str]
    body: Mapped[str]
    compiled: Mapped[str]
    """The e-mail in its frame with its styles in place; else the same as the body."""
    is_default: Mapped[bool]
    """From here on the product's own text holds again; the columns above are then empty."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
