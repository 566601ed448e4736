"""The HTTP door to branches."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.branches.models import Branch as Row
from services.directory.branches.schemas import Branch
from services.directory.listing import ListQuery, listed, one
from shared.api import Door
from shared.api.pages import page_of
from shared.api.versions import tagged

door = Door("branches", __name__, url_prefix="/api/v1/directory", description="The chain's branches.")

TABLE = Row.__table__
BRANCHES = select(TABLE)


@door.get("/branches", needs="directory.read")
@door.arguments(ListQuery, location="query")
@door.response(200, page_of(Branch, "Branches"))
def branches(query: dict[str, Any]) -> Any:
    """Branches, by name."""
    return listed(BRANCHES, TABLE, query)


@door.get("/branches/<uuid:branch_id>", needs="directory.read")
@door.response(200, Branch)
def branch(branch_id: UUID) -> Any:
    """One branch."""
    found = one(BRANCHES, TABLE, branch_id)
    return tagged(found["version"], found)
