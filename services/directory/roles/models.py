"""Roles: sets of permissions with a name."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.directory.models import Base
from shared.auth.permissions import PERMISSIONS, known
from shared.folding import fold


class Role(Base):
    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("sorting"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    sorting: Mapped[str] = mapped_column(Text(collation="C"))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    everything: Mapped[bool]
    """Holds every permission there is, those of later releases too: else nobody could ever give those to anybody."""

    @validates("name")
    def _sort_by(self, _: str, name: str) -> str:
        self.sorting = fold(name)
        return name

    @property
    def held(self) -> list[str]:
        return held(self.everything, self.permissions)

    def shown(self) -> dict[str, Any]:
        """What the API shows."""
        return {"id": self.id, "version": self.version, "everything": self.everything, **self.details()}

    def details(self) -> dict[str, Any]:
        return {"name": self.name, "permissions": self.held}

    def state(self) -> dict[str, Any]:
        """What events say of it."""
        return {"id": self.id, **self.details()}


def held(everything: bool, permissions: list[str]) -> list[str]:
    """The permissions that a role gives today."""
    return list(PERMISSIONS) if everything else known(permissions)
