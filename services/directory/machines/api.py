"""The HTTP door to machines."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.listing import ListQuery, listed, one
from services.directory.machines import actions
from services.directory.machines.models import Machine as Row
from services.directory.machines.schemas import Machine, MachineFields, MachineWithSecret, NewMachine
from services.directory.names import names
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.pages import PageQuery, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door("machines", __name__, url_prefix="/api/v1/directory", description="Other systems that call the APIs.")

TABLE = Row.__table__
MACHINES = select(*[column for column in TABLE.c if column.name not in ("secret_hash", "session_id")])


@door.get("/machines", needs="directory.machines.write")
@door.arguments(ListQuery, location="query")
@door.response(200, page_of(Machine, "Machines"))
def machines(query: dict[str, Any]) -> Any:
    """Machines, by name."""
    return listed(MACHINES, TABLE, query)


@door.get("/machines/<uuid:machine_id>", needs="directory.machines.write")
@door.response(200, Machine)
def machine(machine_id: UUID) -> Any:
    """One machine."""
    found = one(MACHINES, TABLE, machine_id)
    return tagged(found["version"], found)


@door.post("/machines", needs="directory.machines.write")
@door.doc(**{"x-problems": [409]})
@door.arguments(NewMachine)
@door.response(201, MachineWithSecret)
def add_machine(details: dict[str, Any]) -> Any:
    """Lets another system in; the answer holds its secret, once."""
    with transaction() as session:
        row, secret = actions.add(session, principal(), details)
    return tagged(row.version, row.shown() | {"client_secret": secret}, 201)


@door.patch("/machines/<uuid:machine_id>", needs="directory.machines.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(MachineFields)
@door.response(200, Machine)
def change_machine(details: dict[str, Any], machine_id: UUID) -> Any:
    """Changes what is named; the rest stays."""
    with transaction() as session:
        row = actions.change(session, principal(), machine_id, details, expected_version())
    return tagged(row.version, row.shown())


@door.post("/machines/<uuid:machine_id>/secrets", needs="directory.machines.write", parameters=[IF_MATCH])
@door.response(201, MachineWithSecret)
def renew_secret(machine_id: UUID) -> Any:
    """A new secret in place of the one before, at once."""
    with transaction() as session:
        row, secret = actions.renew_secret(session, principal(), machine_id, expected_version())
    return tagged(row.version, row.shown() | {"client_secret": secret}, 201)


@door.get("/machines/<uuid:machine_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def machine_changes(query: dict[str, Any], machine_id: UUID) -> Any:
    """Who changed what of it, newest first."""
    one(MACHINES, TABLE, machine_id)
    return changes_of(machine_id, query, names)
