"""Consents that stand, and the words in which they were asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class Consent(Base):
    """A client agrees to be advertised to at this very address. It goes when it is withdrawn; its changes stay."""

    __tablename__ = "consents"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(primary_key=True)
    given_at: Mapped[datetime]
    given: Mapped[str]
    wording_id: Mapped[UUID]


class Wording(Base):
    """Never changed: other words are a new number."""

    __tablename__ = "consent_wordings"
    __table_args__ = (UniqueConstraint("channel", "language", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
