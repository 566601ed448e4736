"""The HTTP door of the one who is signed in to what is theirs."""

from typing import Any

from flask import request
from sqlalchemy import select

from services.directory.employees import actions
from services.directory.employees.api import EMPLOYEES, TABLE
from services.directory.employees.models import Employee
from services.directory.me.schemas import Me, OwnPassword
from services.directory.names import names
from services.directory.sign_in import attempts, passwords
from shared.api import ANYONE, Door, principal, reading, transaction
from shared.auth.principal import CHAIN, Principal
from shared.errors import Forbidden, Invalid
from shared.words import Words

door = Door("me", __name__, url_prefix="/api/v1/directory", description="The one who is signed in.")

INVALID = Words("Some of what was sent is not right.")
NOT_IT = Words("This is not your password.")
NO_PASSWORD = Words("Only employees have a password here.")


@door.get("/me", needs=ANYONE)
@door.response(200, Me)
def me() -> Any:
    """Who is signed in, and what they may, as their token says."""
    who = principal()
    with reading() as connection:
        row = connection.execute(EMPLOYEES.where(TABLE.c.id == who.id)).mappings().first()
        known = names(connection, {who.id})
    return {
        "id": who.id,
        "kind": who.kind,
        "name": known.get(who.id),
        "username": row["username"] if row else None,
        "branch_ids": row["branch_ids"] if row else [],
        "session_id": who.session_id,
        "permissions": [_held(name, branches) for name, branches in sorted(who.grants.items())],
    }


@door.put("/me/password", needs=ANYONE)
@door.doc(**{"x-problems": [429]})
@door.arguments(OwnPassword)
@door.response(204)
def change_password(sent: dict[str, Any]) -> None:
    """A new password of one's own, for who knows the present one; one's other sessions end."""
    who = principal()
    employee = _employee(who)
    with transaction() as session:
        attempts.begin(session, employee.username or str(who.id), request.remote_addr or "")
    if not passwords.is_right(employee.password_hash, sent["current_password"]):
        raise Invalid(INVALID, fields={"current_password": [NOT_IT.format()]})
    password_hash = passwords.hashed(sent["password"])
    with transaction() as session:
        attempts.forgive(session, employee.username or str(who.id))
        actions.change_own_password(session, who, password_hash)


def _employee(who: Principal) -> Employee:
    with transaction() as session:
        employee = session.scalar(select(Employee).where(Employee.id == who.id))
    if employee is None or who.kind != "staff":
        raise Forbidden(NO_PASSWORD)
    return employee


def _held(permission: str, branches: frozenset[str]) -> dict[str, Any]:
    return {"permission": permission, "branch_ids": None if CHAIN in branches else sorted(branches)}
