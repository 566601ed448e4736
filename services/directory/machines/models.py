"""Other systems that call our APIs by themselves."""

from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.directory.models import Base
from shared.auth.permissions import known
from shared.folding import fold


class Machine(Base):
    __tablename__ = "machines"
    __table_args__ = (UniqueConstraint("client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    sorting: Mapped[str] = mapped_column(Text(collation="C"))
    client_id: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256: the secret is 256 random bits, so nobody guesses it and a slow hash would protect nothing."""
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Held for the chain."""
    active: Mapped[bool]
    session_id: Mapped[UUID]
    """Of all its tokens; a new one when they must no longer be taken."""

    @validates("name")
    def _sort_by(self, _: str, name: str) -> str:
        self.sorting = fold(name)
        return name

    def shown(self) -> dict[str, Any]:
        """What the API shows."""
        return {"id": self.id, "version": self.version, **self.details()}

    def details(self) -> dict[str, Any]:
        """What people may change, in the shape that the API shows."""
        return {
            "name": self.name,
            "client_id": self.client_id,
            "permissions": known(self.permissions),
            "active": self.active,
        }

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {"id": self.id, **{name: value for name, value in self.details().items() if name != "client_id"}}
