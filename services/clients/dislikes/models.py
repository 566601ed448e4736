"""The services that a client must never be booked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base


class Dislike(Base):
    __tablename__ = "dislikes"
    __table_args__ = (UniqueConstraint("client_id", "service_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    service_id: Mapped[UUID]
    comment: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]

    def details(self) -> dict[str, Any]:
        return {"service_id": self.service_id, "comment": self.comment}

    def state(self) -> dict[str, Any]:
        """What the event says of it: not the comment."""
        return {"client_id": self.client_id, "service_id": self.service_id}
