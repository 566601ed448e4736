"""The people who work for the chain, where, and in which roles."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from services.directory.models import Base
from shared.folding import fold
from shared.ids import new_id


class Employee(Base):
    __tablename__ = "employees"
    __table_args__ = (UniqueConstraint("username"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    sorting: Mapped[str] = mapped_column(Text(collation="C"))
    username: Mapped[str | None]
    """Who has none cannot sign in."""
    password_hash: Mapped[str | None]
    active: Mapped[bool]
    branches: Mapped[list["EmployeeBranch"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    roles: Mapped[list["EmployeeRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @validates("name")
    def _sort_by(self, _: str, name: str) -> str:
        self.sorting = fold(name)
        return name

    @property
    def branch_ids(self) -> list[UUID]:
        return sorted(one.branch_id for one in self.branches)

    def shown(self) -> dict[str, Any]:
        """What the API shows."""
        return {"id": self.id, "version": self.version, **self.details()}

    def details(self) -> dict[str, Any]:
        """What people may change, in the shape that the API shows."""
        return {
            "name": self.name,
            "username": self.username,
            "branch_ids": self.branch_ids,
            "roles": [one.shown() for one in sorted(self.roles, key=lambda one: one.place)],
            "active": self.active,
        }

    def state(self) -> dict[str, Any]:
        """What events say of them: no roles and no sign-in name."""
        return {"id": self.id, "name": self.name, "branch_ids": self.branch_ids, "active": self.active}

    def work_at(self, branch_ids: list[UUID]) -> None:
        before = {one.branch_id: one for one in self.branches}
        self.branches = [before.get(branch_id) or EmployeeBranch(branch_id=branch_id) for branch_id in branch_ids]

    def hold(self, roles: list[dict[str, Any]]) -> None:
        """Takes these roles in place of the ones before."""
        before = {(one.role_id, one.branch_id): one for one in self.roles}
        self.roles = [
            before.get((role["role_id"], role["branch_id"])) or EmployeeRole(id=new_id(), **role) for role in roles
        ]


class EmployeeBranch(Base):
    __tablename__ = "employee_branches"

    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"), primary_key=True, index=True)


class EmployeeRole(Base):
    """A role held for a branch, or for the chain when none is named."""

    __tablename__ = "employee_roles"
    __table_args__ = (UniqueConstraint("employee_id", "role_id", "branch_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"), index=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))

    @property
    def place(self) -> tuple[str, str]:
        return str(self.role_id), str(self.branch_id or "")

    def shown(self) -> dict[str, Any]:
        return {"role_id": self.role_id, "branch_id": self.branch_id}
