"""The names of those who change things."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, select, union_all
from sqlalchemy.orm import Session

from services.directory.employees.models import Employee
from services.directory.machines.models import Machine


def names(session: Connection | Session, ids: set[UUID]) -> Mapping[UUID, str]:
    """Of employees and machines."""
    people = select(Employee.id, Employee.name).where(Employee.id.in_(ids))
    machines = select(Machine.id, Machine.name).where(Machine.id.in_(ids))
    return {row_id: name for row_id, name in session.execute(union_all(people, machines))}
