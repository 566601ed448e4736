"""What differs from the defaults: one row for the chain, one for each branch that has its own."""

from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class SettingsRow(Base):
    __tablename__ = "settings"
    __table_args__ = (UniqueConstraint("branch_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    branch_id: Mapped[UUID | None]
    """None for the chain."""
    settings: Mapped[dict[str, Any]]
