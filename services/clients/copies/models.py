"""What clients keeps of the directory's rows, fed by its events."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base


class Branch(Base):
    __tablename__ = "branches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    weight_unit: Mapped[str]
    active: Mapped[bool]


class Employee(Base):
    __tablename__ = "employees"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    active: Mapped[bool]


class Service(Base):
    __tablename__ = "services"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    active: Mapped[bool]
