"""A browser of the portal that takes pushes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Subscription(Base):
    __tablename__ = "push_subscriptions"
    __table_args__ = (UniqueConstraint("endpoint"), Index("ix_push_subscriptions_client_id", "client_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    endpoint: Mapped[str]
    """Where its push service takes messages: an address that is as good as a key."""
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
