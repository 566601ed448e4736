"""What gateways have told us, by their own ids."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.models import Base


class WebhookEvent(Base):
    """It only says where to look: the object is retrieved, so that late, double and forged ones do no harm."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),)

    account: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """charge, refund, dispute or card."""
    object_id: Mapped[str]
    received_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    """When a worker looks; None once it has."""
    looks: Mapped[int]
