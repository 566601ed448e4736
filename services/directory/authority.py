"""What one may do to others: nobody gives away, takes away or takes over more than they hold themselves."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.directory.employees.models import Employee, EmployeeRole
from services.directory.roles.models import Role
from services.directory.sign_in.grants import Grants
from shared.auth.permissions import PERMISSIONS
from shared.auth.principal import CHAIN, Principal
from shared.errors import Conflict, Forbidden
from shared.locks import LAST_ADMINISTRATOR
from shared.words import Words

ROLES_WRITE = "directory.roles.write"
BEYOND = Words("You do not hold the permission {permission} there yourself, so you cannot decide on it.")
LAST = Words("Somebody must be left who may change roles for the whole chain.")

HOUSE = Principal(
    kind="service",
    id=UUID(int=0),
    session_id=UUID(int=0),
    grants={name: frozenset({CHAIN}) for name in PERMISSIONS},
    expires_at=float("inf"),
)
"""In whose name commands and the demo act."""


def must_hold(by: Principal, grants: Grants) -> None:
    """Raises Forbidden unless `by` holds all of this, at each branch."""
    for permission, branches in grants.items():
        own = by.grants.get(permission, frozenset())
        if CHAIN not in own and not branches <= own:
            raise Forbidden(BEYOND, code="beyond_own_permissions", permission=permission)


def keep_an_administrator(session: Session, by: Principal) -> None:
    """Raises Conflict when, after what was flushed, nobody can sign in who may change roles for the whole chain."""
    if by.kind == "service":
        return
    # Two who take it from each other at once come one after the other, and the second sees what the first did.
    session.execute(select(func.pg_advisory_xact_lock(LAST_ADMINISTRATOR)))
    left = (
        select(Employee.id)
        .join(EmployeeRole, EmployeeRole.employee_id == Employee.id)
        .join(Role, Role.id == EmployeeRole.role_id)
        .where(
            Employee.active,
            Employee.username.is_not(None),
            EmployeeRole.branch_id.is_(None),
            or_(Role.everything, Role.permissions.contains([ROLES_WRITE])),
        )
    )
    if session.scalar(left.limit(1)) is None:
        raise Conflict(LAST, code="last_administrator")
