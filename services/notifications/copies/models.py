"""What notifications keeps of other services' rows, fed by their events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Client(Base):
    __tablename__ = "clients"
    __table_args__ = (Index("ix_clients_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    language: Mapped[str | None]
    preferred_branch_id: Mapped[UUID | None]
    archived: Mapped[bool]
    profile: Mapped[dict[str, Any]]
    """The client's details as their own service tells them, less what other columns hold."""
    tag_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    tags_version: Mapped[int] = mapped_column(server_default="0")
    """The client's version of which the tags are: an event that tells tags alone leaves the rest as old as it is."""
    erased_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None]
    """The client to whom all that is theirs belongs now."""


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


class Plan(Base):
    __tablename__ = "plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]


class Membership(Base):
    """Which plan a membership is of, so that a payment can be named after it."""

    __tablename__ = "memberships"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_id: Mapped[UUID]
    plan_id: Mapped[UUID]
