"""The HTTP door to employees."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.directory.employees import actions
from services.directory.employees.models import Employee as Row
from services.directory.employees.models import EmployeeBranch, EmployeeRole
from services.directory.employees.schemas import Employee, EmployeeFields, NewEmployee, NewPassword
from services.directory.listing import ListQuery, listed, one
from services.directory.names import names
from services.directory.sign_in import passwords
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.fields import fields
from shared.api.pages import PageQuery, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door("employees", __name__, url_prefix="/api/v1/directory", description="The people who work for the chain.")

TABLE = Row.__table__
WORKS_AT = EmployeeBranch.branch_id
BRANCH_IDS = (
    select(func.coalesce(func.array_agg(aggregate_order_by(WORKS_AT, WORKS_AT)), []))
    .where(EmployeeBranch.employee_id == TABLE.c.id)
    .scalar_subquery()
)
HELD = func.jsonb_build_object("role_id", EmployeeRole.role_id, "branch_id", EmployeeRole.branch_id)
ROLES = (
    select(func.coalesce(func.jsonb_agg(aggregate_order_by(HELD, EmployeeRole.id)), func.jsonb_build_array()))
    .where(EmployeeRole.employee_id == TABLE.c.id)
    .scalar_subquery()
)
COLUMNS = [column for column in TABLE.c if column.name != "password_hash"]
EMPLOYEES = select(*COLUMNS, BRANCH_IDS.label("branch_ids"), ROLES.label("roles"))


class EmployeeQuery(ListQuery):
    branch_id = fields.UUID()


@door.get("/employees", needs="directory.read")
@door.arguments(EmployeeQuery, location="query")
@door.response(200, page_of(Employee, "Employees"))
def employees(query: dict[str, Any]) -> Any:
    """Employees, by name."""
    statement = EMPLOYEES
    if "branch_id" in query:
        there = select(EmployeeBranch.employee_id).where(EmployeeBranch.branch_id == query["branch_id"])
        statement = statement.where(TABLE.c.id.in_(there))
    return listed(statement, TABLE, query)


@door.get("/employees/<uuid:employee_id>", needs="directory.read")
@door.response(200, Employee)
def employee(employee_id: UUID) -> Any:
    """One employee."""
    found = one(EMPLOYEES, TABLE, employee_id)
    return tagged(found["version"], found)


@door.post("/employees", needs="directory.employees.write")
@door.doc(**{"x-problems": [409]})
@door.arguments(NewEmployee)
@door.response(201, Employee)
def add_employee(details: dict[str, Any]) -> Any:
    """Adds an employee."""
    password = details.pop("password", None)
    password_hash = passwords.hashed(password) if password else None
    with transaction() as session:
        row = actions.add(session, principal(), details, password_hash=password_hash)
    return tagged(row.version, row.shown(), 201)


@door.patch("/employees/<uuid:employee_id>", needs="directory.employees.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(EmployeeFields)
@door.response(200, Employee)
def change_employee(details: dict[str, Any], employee_id: UUID) -> Any:
    """Changes what is named; the rest stays."""
    with transaction() as session:
        row = actions.change(session, principal(), employee_id, details, expected_version())
    return tagged(row.version, row.shown())


@door.get("/employees/<uuid:employee_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def employee_changes(query: dict[str, Any], employee_id: UUID) -> Any:
    """Who changed what of it, newest first."""
    one(EMPLOYEES, TABLE, employee_id)
    return changes_of(employee_id, query, names)


@door.put("/employees/<uuid:employee_id>/password", needs="directory.employees.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(NewPassword)
@door.response(204)
def set_password(sent: dict[str, Any], employee_id: UUID) -> None:
    """Gives somebody a new password, and ends their sessions."""
    expected = expected_version()
    password_hash = passwords.hashed(sent["password"])
    with transaction() as session:
        actions.set_password(session, principal(), employee_id, password_hash, expected)
