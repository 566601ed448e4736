"""The HTTP door to roles and permissions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.listing import listed, one
from services.directory.roles.models import Role as Row
from services.directory.roles.models import held
from services.directory.roles.schemas import Permissions, Role
from shared.api import Door
from shared.api.pages import PageQuery, page_of
from shared.api.versions import tagged
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
