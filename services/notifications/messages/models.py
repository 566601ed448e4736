"""Messages, and the moment from which this installation makes any."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.delivery.states import STATES
from services.notifications.models import Base

SAID = ("id", "client_id", "type", "kind", "channel", "branch_id", "state", "reason")
"""What events say of a message: no body, no address, no number."""


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("type", "channel", "recipient", "business_key"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        Index("ix_messages_due", "channel", "lane", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_messages_client_id", "client_id", "id"),
        Index("ix_messages_about", "about", postgresql_where=text("state IN ('queued', 'sending')")),
        Index("ix_messages_campaign", "about", postgresql_where=text("type = 'campaign'")),
        Index(
            "ix_messages_held",
            "about",
            postgresql_where=text("type = 'campaign' AND state IN ('queued', 'sending') AND due_at IS NULL"),
        ),
        Index("ix_messages_provider_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")),
        Index("ix_messages_provider", "provider", "id", postgresql_where=text("provider IS NOT NULL")),
        Index("ix_messages_kept", "created_at", postgresql_where=text("purged_at IS NULL")),
        Index(
            "uq_messages_marketing_address",
            "type",
            "channel",
            "address_hash",
            "business_key",
            unique=True,
            postgresql_where=text("lane = 2 AND address_hash IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    type: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]
    lane: Mapped[int]
    """0 urgent, 1 normal, 2 marketing."""
    client_id: Mapped[UUID | None]
    recipient: Mapped[str]
    """Who it is for, as one text: `client:<id>`, or what names somebody who is no client."""
    business_key: Mapped[str]
    branch_id: Mapped[UUID | None]
    about: Mapped[str | None]
    event_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    data: Mapped[dict[str, Any] | None]
    """What it is written from. Purged with the body."""
    secret: Mapped[dict[str, Any] | None]
    """One-time links, until they have been handed over."""

    state: Mapped[str]
    reason: Mapped[str | None]
    answer: Mapped[dict[str, Any] | None]
    """What the question said when it was last asked."""
    stale_after: Mapped[datetime]
    not_after: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """When somebody has to look at it next: to send it, or because whoever took it should be done."""
    claimed_at: Mapped[datetime | None]
    """Set while a worker has it in hand."""
    called_at: Mapped[datetime | None]
    """Set before a provider is called that must not be asked twice: from then on it may have gone out."""
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    language: Mapped[str | None]
    template_number: Mapped[int | None]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    html: Mapped[str | None]
    address: Mapped[str | None]
    address_hash: Mapped[str | None]
    provider: Mapped[str | None]
    provider_id: Mapped[str | None]
    """What the provider calls it."""
    purged_at: Mapped[datetime | None]

    def said(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SAID}


class Beginning(Base):
    """The moment from which this database makes messages: what happened earlier was told by another, or by none."""

    __tablename__ = "beginning"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
