"""The HTTP door to roles and permissions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.listing import listed, one
from services.directory.names import names
from services.directory.roles import actions
from services.directory.roles.models import Role as Row
from services.directory.roles.models import held
from services.directory.roles.schemas import NewRole, Permissions, Role, RoleFields
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.pages import PageQuery, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.auth.permissions import PERMISSIONS

door = Door("roles", __name__, url_prefix="/api/v1/directory", description="Roles: sets of permissions.")

TABLE = Row.__table__
ROLES = select(TABLE)


@door.get("/permissions", needs="directory.read")
@door.response(200, Permissions)
def permissions() -> Any:
    """Every permission there is, in the reader's language."""
    return {"items": [{"name": name, "description": words.format()} for name, words in PERMISSIONS.items()]}


@door.get("/roles", needs="directory.read")
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Role, "Roles"))
def roles(query: dict[str, Any]) -> Any:
    """Roles, by name."""
    return listed(ROLES, TABLE, query, shown)


@door.get("/roles/<uuid:role_id>", needs="directory.read")
@door.response(200, Role)
def role(role_id: UUID) -> Any:
    """One role."""
    found = one(ROLES, TABLE, role_id, shown)
    return tagged(found["version"], found)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {"permissions": held(row["everything"], row["permissions"])}


@door.post("/roles", needs="directory.roles.write")
@door.doc(**{"x-problems": [409]})
@door.arguments(NewRole)
@door.response(201, Role)
def add_role(details: dict[str, Any]) -> Any:
    """Adds a role."""
    with transaction() as session:
        row = actions.add(session, principal(), details)
    return tagged(row.version, row.shown(), 201)


@door.patch("/roles/<uuid:role_id>", needs="directory.roles.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(RoleFields)
@door.response(200, Role)
def change_role(details: dict[str, Any], role_id: UUID) -> Any:
    """Changes what is named; the rest stays."""
    with transaction() as session:
        row = actions.change(session, principal(), role_id, details, expected_version())
    return tagged(row.version, row.shown())


@door.get("/roles/<uuid:role_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def role_changes(query: dict[str, Any], role_id: UUID) -> Any:
    """Who changed what of it, newest first."""
    one(ROLES, TABLE, role_id)
    return changes_of(role_id, query, names)


@door.delete("/roles/<uuid:role_id>", needs="directory.roles.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.response(204)
def remove_role(role_id: UUID) -> None:
    """Removes a role that nobody holds."""
    with transaction() as session:
        actions.remove(session, principal(), role_id, expected_version())
