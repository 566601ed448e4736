"""The client: who they are and how to reach them.

The busiest rows of the house are read and written by Core (`rows`), as mappings of these columns: the ORM would take
as long again as the database does. What holds for a client stands in `client`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base


class Client(Base):
    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint(
            "booking_blocked = (booking_block_reason IS NOT NULL) AND booking_blocked = (booking_block_at IS NOT NULL)",
            name="booking_block",
        ),
        Index(
            "ix_clients_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("ix_clients_preferred_branch_id_id", "preferred_branch_id", "id"),
        Index("ix_clients_status_id_id", "status_id", "id"),
        Index("ix_clients_tag_ids", "tag_ids", postgresql_using="gin", postgresql_where=text("tag_ids <> '{}'")),
        # COLLATE "C", which is not read back from a database.
        Index("ix_clients_by_name", text("left(search_text, 200)"), "id"),
        Index("ix_clients_by_change", text("coalesce(changed_at, created_at)"), "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Grows by one with every change and every event of the client; what ETag and If-Match compare."""
    first_name: Mapped[str]
    middle_name: Mapped[str]
    last_name: Mapped[str]
    phones: Mapped[list[Any]]
    """`[{number: E.164, type, primary}]`, exactly one of them primary unless empty."""
    emails: Mapped[list[Any]]
    """`[{address, primary}]`, in the same way."""
    address: Mapped[dict[str, Any] | None]
    birth_date: Mapped[date | None]
    gender: Mapped[str | None]
    gender_description: Mapped[str]
    referral_method_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_methods.id"))
    referred_by_client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    preferred_branch_id: Mapped[UUID | None]
    language: Mapped[str | None]
    status_id: Mapped[UUID] = mapped_column(ForeignKey("statuses.id"))
    tag_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """In order. No foreign key: tags are retired and never removed, and whoever writes them here has looked."""
    booking_blocked: Mapped[bool]
    booking_block_reason: Mapped[str | None]
    booking_block_by: Mapped[UUID | None]
    booking_block_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    """Of the last change that counted up the version. None when a release that did not keep it wrote the row."""
    search_text: Mapped[str]


class SearchKey(Base):
    """By what a client is found when its beginning is typed; see `search_text`. Written with the client's row."""

    __tablename__ = "search_keys"

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
