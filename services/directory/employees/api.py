"""The HTTP door to employees."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.directory.employees.models import Employee as Row
from services.directory.employees.models import EmployeeBranch, EmployeeRole
from services.directory.employees.schemas import Employee
from services.directory.listing import ListQuery, listed, one
from shared.api import Door
from shared.api.fields import fields
from shared.api.pages import page_of
from shared.api.versions import tagged

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
