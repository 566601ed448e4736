"""What documents keeps of other services' rows, fed by their events."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models import Base


class Client(Base):
    __tablename__ = "clients"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    language: Mapped[str | None]
    preferred_branch_id: Mapped[UUID | None]
    archived: Mapped[bool]
    merged_into: Mapped[UUID | None]
    """The client to whom all that is theirs belongs now."""
    profile: Mapped[dict[str, Any]]
    """The client's details as their own service tells them, less what other columns hold."""


class Branch(Base):
    __tablename__ = "branches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool]


class Employee(Base):
    __tablename__ = "employees"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    active: Mapped[bool]


class Service(Base):
    __tablename__ = "services"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    category: Mapped[str]
    active: Mapped[bool]
