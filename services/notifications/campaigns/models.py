"""A campaign, how far each client has come in it, and when clients were last here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, cast, literal, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.campaigns.steps import DONE, LEFT, RUNNING, STOPPED
from services.notifications.models import Base

STATES = ("draft", "running", "paused", "ended")
RUN_STATES = (RUNNING, DONE, STOPPED, LEFT)


class Campaign(Base):
    __tablename__ = "campaigns"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    state: Mapped[str]
    entry: Mapped[dict[str, Any]]
    """What lets a client in: now, at a time, each day by a rule, or an event."""
    audience: Mapped[dict[str, Any]]
    steps: Mapped[list[Any]]
    stops: Mapped[list[Any]]
    """What ends it for a client before its last step."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    cursor: Mapped[UUID | None]
    """The last client who was let in: where the next worker goes on."""
    day: Mapped[date | None]
    """Of a daily rule: the day that the cursor is of."""
    entered_all: Mapped[bool]
    """Everybody of the audience is in; of a daily rule, for the day."""
    failed_in_a_row: Mapped[int] = mapped_column(default=0, server_default="0")
    """Messages whose text could not be filled in, one after the other: some of these pause it."""
    pause_reason: Mapped[str | None]
    """Why it was paused, when no person did it: `template`."""

    FIELDS = ("name", "entry", "audience", "steps", "stops")

    @property
    def about(self) -> str:
        """What its messages are about."""
        return f"campaign:{self.id}"

    def details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}

    def said(self) -> dict[str, Any]:
        """What events say of it: no text."""
        channels = sorted({step["channel"] for step in self.steps if step["do"] == "send"})
        said = {"id": self.id, "name": self.name, "state": self.state, "pause_reason": self.pause_reason}
        return said | {"entry": self.entry["on"], "channels": channels}


ABOUT = literal("campaign:") + cast(Campaign.id, Text)
"""`Campaign.about`, for statements."""


class Run(Base):
    """One client in one campaign."""

    __tablename__ = "campaign_runs"
    __table_args__ = (
        CheckConstraint(f"state IN {RUN_STATES}", name="state"),
        Index("ix_campaign_runs_due_at", "due_at", postgresql_where=text("state = 'running'")),
        Index("ix_campaign_runs_client_id", "client_id", postgresql_where=text("state = 'running'")),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    occasion: Mapped[str]
    """Of what comes again, such as a birthday: which time it is. Empty for what comes once."""
    state: Mapped[str]
    step: Mapped[int]
    """The one to be done next."""
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    waits_for: Mapped[str | None]
    """The type of the event that it waits for until then."""


class LastVisit(Base):
    __tablename__ = "last_visits"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
