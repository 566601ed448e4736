"""Where a client is reached by each channel."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class ContactPoint(Base):
    __tablename__ = "contact_points"
    __table_args__ = (Index("ix_contact_points_channel_address_hash", "channel", "address_hash"),)

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    """0 is the one that messages go to."""
    address: Mapped[str]
    address_hash: Mapped[str]
    zones: Mapped[list[Any]]
    """The time zones of a number's country or area; none for what rings nowhere."""
