"""What a person was shown before the act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.memberships.memberships.models import Membership
from services.memberships.models import Base


class Quote(Base):
    """Good for fifteen minutes. The act computes anew and compares: nobody pays what they were not shown."""

    __tablename__ = "quotes"
    __table_args__ = (Index("ix_quotes_expires_at", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    act: Mapped[str]
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey(Membership.id))
    client_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    inputs: Mapped[dict[str, Any]]
    versions: Mapped[dict[str, Any]]
    """Of the rows that it was made from."""
    result: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
