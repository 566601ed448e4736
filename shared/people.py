"""The names of those who did something, from a service's own copy of the employees: the table `employees`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Label, Text, Uuid, case, cast, column, func, select, table, text
from sqlalchemy.orm import InstrumentedAttribute, Session

EMPLOYEES = table("employees", column("id", Uuid), column("name", Text))
NAMES = text("SELECT id, name FROM employees WHERE id = ANY(CAST(:ids AS uuid[]))")


def names_of(session: Connection | Session, ids: set[UUID]) -> dict[UUID, str]:
    """The names of those of them who are employees."""
    rows = session.execute(NAMES, {"ids": list(ids)}) if ids else ()
    return {row.id: row.name for row in rows}


def actor_name(actor: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> Label[Any]:
    """A column `actor_name` beside `staff:<id>`: the employee's name; none for machines, clients and the system."""
    id_of_staff = case((actor.startswith("staff:"), cast(func.substr(actor, 7), Uuid)))
    return select(EMPLOYEES.c.name).where(EMPLOYEES.c.id == id_of_staff).scalar_subquery().label("actor_name")
