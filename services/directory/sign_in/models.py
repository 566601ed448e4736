"""Sessions of staff, and attempts to begin one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.models import Base


class StaffSession(Base):
    __tablename__ = "staff_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    machine_id: Mapped[UUID | None] = mapped_column(ForeignKey("machines.id"))
    """The one that may renew it; a session without one lives as long as its only token."""
    renewal_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """Moves on with each renewal, but never beyond `ends_at`."""
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Base):
    """A password that was, or is being, tried and was not right."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "name_hash", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Hashed, since people type passwords where the name belongs."""
    address: Mapped[str]
    at: Mapped[datetime]


class Authorization(Base):
    """A person who was sent to the chain's own identity provider and has not come back yet."""

    __tablename__ = "oidc_authorizations"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    nonce: Mapped[str]
    verifier: Mapped[str]
    redirect_uri: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
