"""What people ask of us about machines, which hold their permissions for the chain; so must who decides on them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.authority import must_hold
from services.directory.machines.models import Machine
from services.directory.machines.secrets import digest, new_secret
from services.directory.names import names
from services.directory.sign_in.grants import gathered
from shared.audit import Saying, difference, record
from shared.auth.permissions import known
from shared.auth.principal import Principal
from shared.auth.sessions import remember
from shared.contracts.directory import MACHINE_ADDED, MACHINE_CHANGED, SESSION_ENDED
from shared.ids import new_id
from shared.rows import locked, refusing
from shared.words import Words

WRITE = "directory.machines.write"
REFUSALS = {"uq_machines_client_id": ("client_id", Words("There is a machine of this name."))}

Details = dict[str, Any]


def add(
    session: Session, by: Principal, details: Details, machine_id: UUID | None = None, *, secret: str | None = None
) -> tuple[Machine, str]:
    """A new machine and its secret, which is not to be had again."""
    by.must_everywhere(WRITE)
    must_hold(by, gathered([(None, details["permissions"])]))
    secret = secret or new_secret()
    machine = Machine(
        id=machine_id or new_id(), version=1, secret_hash=digest(secret), session_id=new_id(), **_ordered(details)
    )
    session.add(machine)
    with refusing(REFUSALS):
        session.flush()
    said = Saying(MACHINE_ADDED, machine.state())
    changes = difference({}, machine.details())
    record(session, about=machine.id, kind="machine", version=1, changes=changes, says=[said])
    return machine, secret


def change(session: Session, by: Principal, machine_id: UUID, details: Details, expected: int | None) -> Machine:
    """Changes what is named. Its tokens are refused from now on when it may less, so it asks for a new one."""
    machine = reach(session, by, machine_id, expected)
    changes = difference(machine.details(), _ordered(details))
    if not changes:
        return machine
    must_hold(by, gathered([(None, details.get("permissions", []))]))
    for name in changes:
        setattr(machine, name, changes[name][1])
    _save(session, machine, changes, refuse_tokens=bool(changes.keys() & {"permissions", "active"}))
    return machine


def renew_secret(session: Session, by: Principal, machine_id: UUID, expected: int | None) -> tuple[Machine, str]:
    """A new secret in place of the one before, whose tokens are refused from now on."""
    machine = reach(session, by, machine_id, expected)
    secret = new_secret()
    set_secret(session, machine, secret)
    return machine, secret


def set_secret(session: Session, machine: Machine, secret: str) -> None:
    """For a secret that an operator chose; call it under the machine's lock."""
    machine.secret_hash = digest(secret)
    _save(session, machine, {"secret": ("…", "…")}, refuse_tokens=True)


def reach(session: Session, by: Principal, machine_id: UUID, expected: int | None) -> Machine:
    """The machine, locked. Raises Forbidden unless `by` holds all that it holds."""
    by.must_everywhere(WRITE)
    machine = locked(session, Machine, machine_id, expected, kind="machine", names=names)
    must_hold(by, gathered([(None, machine.permissions)]))
    return machine


def _save(session: Session, machine: Machine, changes: Any, *, refuse_tokens: bool) -> None:
    machine.version += 1
    says = [Saying(MACHINE_CHANGED, machine.state() | {"changed": list(changes)})]
    if refuse_tokens:
        says.append(Saying(SESSION_ENDED, {"session_id": machine.session_id}, subject=machine.session_id, version=1))
        remember(session, machine.session_id)
        machine.session_id = new_id()
    session.flush()
    record(session, about=machine.id, kind="machine", version=machine.version, changes=changes, says=says)


def _ordered(details: Details) -> Details:
    return details | ({"permissions": known(details["permissions"])} if "permissions" in details else {})
