"""The chain's own lists: statuses of a client, and ways in which clients came."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base


class Status(Base):
    __tablename__ = "statuses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(unique=True)
    colour: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]

    def state(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"id": self.id, "name": self.name, "active": self.active}


class ReferralMethod(Base):
    __tablename__ = "referral_methods"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(unique=True)
    by_client: Mapped[bool]
    """Whether choosing it asks which client referred this one."""
    position: Mapped[int]
    active: Mapped[bool]

    def state(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "by_client": self.by_client, "active": self.active}
