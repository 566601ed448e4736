"""What people ask of us about employees.

Who may change employees of one branch reaches those who work there and nowhere else, and nobody who may do more.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.authority import keep_an_administrator, must_hold
from services.directory.branches.models import Branch
from services.directory.employees.models import Employee
from services.directory.names import names
from services.directory.roles.models import Role
from services.directory.sign_in.grants import Grants, gathered, packed
from services.directory.sign_in.sessions import end_sessions_of
from shared.audit import Changes, Saying, difference, record
from shared.auth.principal import Principal
from shared.contracts.directory import EMPLOYEE_ADDED, EMPLOYEE_CHANGED
from shared.errors import Invalid
from shared.ids import new_id
from shared.rows import locked, refusing
from shared.words import Words

WRITE = "directory.employees.write"
REFUSALS = {"uq_employees_username": ("username", Words("Somebody signs in with this name."))}
INVALID = Words("Some of what was sent is not right.")
NO_BRANCH = Words("There is no such branch.")
NO_ROLE = Words("There is no such role.")
TOO_MUCH = Words("These are too many branches one by one. Give the role for the whole chain.")
MOST_BYTES = 2600
"""Of the grants in a token, which leaves the token under 4 KB."""

Details = dict[str, Any]


def add(
    session: Session,
    by: Principal,
    details: Details,
    employee_id: UUID | None = None,
    *,
    password_hash: str | None = None,
) -> Employee:
    """A new employee. Raises Forbidden beyond what `by` may give, Invalid, Conflict when the sign-in name is taken."""
    details = _ordered(details)
    _must_reach(by, details["branch_ids"])
    _must_give(by, [], details["roles"])
    _check_branches(session, details["branch_ids"])
    must_hold(by, _grants(session, details["roles"]))
    employee = Employee(id=employee_id or new_id(), version=1, password_hash=password_hash)
    _take(employee, details)
    session.add(employee)
    with refusing(REFUSALS):
        session.flush()
    said = Saying(EMPLOYEE_ADDED, employee.state())
    changes = difference({}, employee.details())
    record(session, about=employee.id, kind="employee", version=1, changes=changes, says=[said])
    return employee


def change(session: Session, by: Principal, employee_id: UUID, details: Details, expected: int | None) -> Employee:
    """Changes what is named. Who is no longer active is signed out; other roles show when the token is renewed."""
    employee = reach(session, by, employee_id, expected)
    details = _ordered(details)
    changes = difference(employee.details(), details)
    if not changes:
        return employee
    if "branch_ids" in changes:
        _must_reach(by, details["branch_ids"])
        _check_branches(session, details["branch_ids"])
    if "roles" in changes:
        _must_give(by, *changes["roles"])
        must_hold(by, _grants(session, details["roles"]))
    _take(employee, details)
    _save(session, by, employee, changes)
    if not employee.active or "username" in changes:
        end_sessions_of(session, employee.id)
    return employee


def set_password(session: Session, by: Principal, employee_id: UUID, password_hash: str, expected: int | None) -> None:
    """Gives somebody a new password and ends their sessions."""
    employee = reach(session, by, employee_id, expected)
    employee.password_hash = password_hash
    _save(session, by, employee, {"password": ("…", "…")})
    end_sessions_of(session, employee.id)


def change_own_password(session: Session, by: Principal, password_hash: str) -> None:
    """One's own, which takes no permission; ends one's other sessions."""
    employee = locked(session, Employee, by.id, None, kind="employee", names=names)
    employee.password_hash = password_hash
    _save(session, by, employee, {"password": ("…", "…")})
    end_sessions_of(session, employee.id, but=by.session_id)


def reach(session: Session, by: Principal, employee_id: UUID, expected: int | None) -> Employee:
    """The employee, locked. Raises Forbidden unless `by` may change them: at all their branches, and holding all that
    they hold, since who changes a password could sign in as that person."""
    employee = locked(session, Employee, employee_id, expected, kind="employee", names=names)
    _must_reach(by, employee.branch_ids)
    must_hold(by, _grants(session, [role.shown() for role in employee.roles]))
    return employee


def _save(session: Session, by: Principal, employee: Employee, changes: Changes) -> None:
    employee.version += 1
    with refusing(REFUSALS):
        session.flush()
    keep_an_administrator(session, by)
    said = Saying(EMPLOYEE_CHANGED, employee.state() | {"changed": list(changes)})
    record(session, about=employee.id, kind="employee", version=employee.version, changes=changes, says=[said])


def _take(employee: Employee, details: Details) -> None:
    for name in details.keys() & {"name", "username", "active"}:
        setattr(employee, name, details[name])
    if "branch_ids" in details:
        employee.work_at(details["branch_ids"])
    if "roles" in details:
        employee.hold(details["roles"])


def _must_reach(by: Principal, branch_ids: Iterable[UUID]) -> None:
    """For every branch where they work; for the chain when they work at none."""
    for branch_id in branch_ids:
        by.must(WRITE, branch_id)
    if not branch_ids:
        by.must_everywhere(WRITE)


def _must_give(by: Principal, before: list[Details], after: list[Details]) -> None:
    """A role is given and taken by who may change employees of its branch; one for the chain, of the chain."""
    for role in [role for role in before + after if (role in before) != (role in after)]:
        if role["branch_id"]:
            by.must(WRITE, role["branch_id"])
        else:
            by.must_everywhere(WRITE)


def _check_branches(session: Session, branch_ids: list[UUID]) -> None:
    if len(list(session.scalars(select(Branch.id).where(Branch.id.in_(branch_ids))))) < len(branch_ids):
        raise Invalid(INVALID, fields={"branch_ids": [NO_BRANCH.format()]})


def _grants(session: Session, roles: list[Details]) -> Grants:
    """What these roles give. Raises Invalid when one of them, or its branch, does not exist, or it is too much."""
    held = {role.id: role.held for role in session.scalars(select(Role).where(Role.id.in_(_ids(roles, "role_id"))))}
    if held.keys() != _ids(roles, "role_id"):
        raise Invalid(INVALID, fields={"roles": [NO_ROLE.format()]})
    branch_ids = _ids(roles, "branch_id") - {None}
    if len(list(session.scalars(select(Branch.id).where(Branch.id.in_(branch_ids))))) < len(branch_ids):
        raise Invalid(INVALID, fields={"roles": [NO_BRANCH.format()]})
    grants = gathered((role["branch_id"], held[role["role_id"]]) for role in roles)
    if len(orjson.dumps(packed(grants))) > MOST_BYTES:
        raise Invalid(INVALID, fields={"roles": [TOO_MUCH.format()]})
    return grants


def _ids(roles: list[Details], name: str) -> set[Any]:
    return {role[name] for role in roles}


def _ordered(details: Details) -> Details:
    """Branches and roles in one order, each once, so that equal means equal."""
    ordered = dict(details)
    if "branch_ids" in details:
        ordered["branch_ids"] = sorted(set(details["branch_ids"]))
    if "roles" in details:
        each = {(str(role["role_id"]), str(role["branch_id"] or "")): role for role in details["roles"]}
        ordered["roles"] = [each[place] for place in sorted(each)]
    return ordered
