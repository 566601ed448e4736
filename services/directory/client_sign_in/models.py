"""Links that let a client in, and the sessions that they open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from services.directory.models import Base


class ClientLink(Base):
    """One row per link that was asked for, also for an address that nobody has: both take the same time."""

    __tablename__ = "client_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """Of the link; once the link was used, of the choice among several people, if there is one to make."""
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the secret of the browser that asked."""
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Of link and code together, so that the six digits cannot be found out from the hash."""
    client_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Whom the address belongs to; nobody, one, or a family."""
    used: Mapped[bool]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ClientSession(Base):
    __tablename__ = "client_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(index=True)
    machine_id: Mapped[UUID] = mapped_column(ForeignKey("machines.id"))
    """The one that may renew it."""
    renewal_hash: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """Moves on with each renewal, but never beyond `ends_at`."""
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
