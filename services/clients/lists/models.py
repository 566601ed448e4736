"""The chain's own lists: statuses of a client, ways in which clients came, and tags."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base

INITIAL_STATUS = UUID("00000000-0000-7000-8000-000000000a01")
"""What a new client has: Active, however the chain renames it."""


class Status(Base):
    __tablename__ = "statuses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]]
    """What it is called in other languages, by their codes; `name` where one is missing."""
    colour: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]

    FIELDS = ("name", "names", "colour", "position", "active")

    def state(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"id": self.id, "name": self.name, "active": self.active}


class ReferralMethod(Base):
    __tablename__ = "referral_methods"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]]
    by_client: Mapped[bool]
    """Whether choosing it asks which client referred this one."""
    position: Mapped[int]
    active: Mapped[bool]

    FIELDS = ("name", "names", "by_client", "position", "active")

    def state(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"id": self.id, "name": self.name, "by_client": self.by_client, "active": self.active}


COLOURS = ("grey", "red", "orange", "green", "teal", "blue", "purple", "pink")
"""What a tag may be painted in: names and no values, so that each theme shows them as they are read best in it."""


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]]
    colour: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]

    FIELDS = ("name", "names", "colour", "position", "active")

    def state(self) -> dict[str, Any]:
        """What the event says of it."""
        return {"id": self.id, "name": self.name, "colour": self.colour, "active": self.active}


Index("uq_statuses_name", func.lower(Status.name), unique=True)
Index("uq_referral_methods_name", func.lower(ReferralMethod.name), unique=True)
Index("uq_tags_name", func.lower(Tag.name), unique=True)
