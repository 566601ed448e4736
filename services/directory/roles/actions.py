"""What people ask of us about roles. A role is the chain's, so all of it takes the permission for the whole chain."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.authority import ROLES_WRITE, keep_an_administrator, must_hold
from services.directory.employees.models import EmployeeRole
from services.directory.names import names
from services.directory.roles.models import Role
from services.directory.sign_in.grants import gathered
from shared.audit import Saying, difference, record
from shared.auth.permissions import known
from shared.auth.principal import Principal
from shared.contracts.directory import ROLE_ADDED, ROLE_CHANGED, ROLE_REMOVED
from shared.errors import Conflict
from shared.ids import new_id
from shared.rows import locked, refusing
from shared.words import Words

REFUSALS = {"uq_roles_sorting": ("name", Words("There is a role of this name."))}
EVERYTHING = Words("This role holds every permission, and stays so.")
HELD = Words("Somebody holds this role. Take it from them first.")

Details = dict[str, Any]


def add(
    session: Session, by: Principal, details: Details, role_id: UUID | None = None, *, everything: bool = False
) -> Role:
    """A new role. Raises Forbidden when it holds what `by` does not, Conflict when the name is taken."""
    by.must_everywhere(ROLES_WRITE)
    role = Role(id=role_id or new_id(), version=1, everything=everything, **_ordered(details))
    must_hold(by, gathered([(None, role.held)]))
    session.add(role)
    with refusing(REFUSALS):
        session.flush()
    said = Saying(ROLE_ADDED, role.state())
    record(session, about=role.id, kind="role", version=1, changes=difference({}, role.details()), says=[said])
    return role


def change(session: Session, by: Principal, role_id: UUID, details: Details, expected: int | None) -> Role:
    """Changes what is named. Who holds the role has its new permissions when their token is next renewed."""
    by.must_everywhere(ROLES_WRITE)
    role = locked(session, Role, role_id, expected, kind="role", names=names)
    changes = difference(role.details(), _ordered(details))
    if not changes:
        return role
    if "permissions" in changes:
        _change_permissions(by, role, *changes["permissions"])
    role.name = details.get("name", role.name)
    role.version += 1
    with refusing(REFUSALS):
        session.flush()
    keep_an_administrator(session, by)
    said = Saying(ROLE_CHANGED, role.state() | {"changed": list(changes)})
    record(session, about=role.id, kind="role", version=role.version, changes=changes, says=[said])
    return role


def remove(session: Session, by: Principal, role_id: UUID, expected: int | None) -> None:
    """Removes a role that nobody holds. Raises Conflict when somebody does."""
    by.must_everywhere(ROLES_WRITE)
    role = locked(session, Role, role_id, expected, kind="role", names=names)
    if session.scalar(select(EmployeeRole.id).where(EmployeeRole.role_id == role_id).limit(1)):
        raise Conflict(HELD, code="role_held")
    must_hold(by, gathered([(None, role.held)]))
    session.delete(role)
    with refusing({"fk_employee_roles_role_id": ("role", HELD)}):
        session.flush()
    before = {name: (value, None) for name, value in role.details().items()}
    version = role.version + 1
    record(session, about=role_id, kind="role", version=version, changes=before, says=[Saying(ROLE_REMOVED, {})])


def _change_permissions(by: Principal, role: Role, before: list[str], after: list[str]) -> None:
    if role.everything:
        raise Conflict(EVERYTHING, code="role_holds_everything", fields={"permissions": [EVERYTHING.format()]})
    must_hold(by, gathered([(None, list(set(before) ^ set(after)))]))
    role.permissions = after


def _ordered(details: Details) -> Details:
    """The permissions in the order of the house's list, each once."""
    return details | ({"permissions": known(details["permissions"])} if "permissions" in details else {})
