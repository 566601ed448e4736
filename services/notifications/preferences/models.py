"""What each client has chosen, and every change of it: the proof of consent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Sheet(Base):
    """All choices of one client, for those who change them at the same time."""

    __tablename__ = "preference_sheets"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]


class Preference(Base):
    """A choice that was made; where there is none, the default holds."""

    __tablename__ = "preferences"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    before_stop: Mapped[bool | None]
    """What START brings back: set by STOP, and forgotten when anybody chooses anew."""


class Change(Base):
    """One switch, changed once. Such a row is never changed itself, but for the address when a person is erased."""

    __tablename__ = "preference_changes"
    __table_args__ = (Index("ix_preference_changes_client_id", "client_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    kind: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    """`staff:<id>`, `client:<id>`, `machine:<id>` or `service:<name>`."""
    source: Mapped[str]
    """console, portal, api, import, unsubscribe, stop, start or merge."""
    was: Mapped[bool]
    now: Mapped[bool]
    address: Mapped[str | None]
    address_hash: Mapped[str | None]
    address_masked: Mapped[str | None]
    wording_id: Mapped[UUID | None]
    given: Mapped[str | None]
    """How a consent was given: in person, by phone, on paper, online."""
