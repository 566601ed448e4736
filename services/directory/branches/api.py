"""The HTTP door to branches."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.branches import actions
from services.directory.branches.models import Branch as Row
from services.directory.branches.schemas import Branch, BranchFields, NewBranch
from services.directory.listing import ListQuery, listed, one
from services.directory.names import names
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.pages import PageQuery, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged

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


@door.post("/branches", needs="directory.branches.write")
@door.doc(**{"x-problems": [409]})
@door.arguments(NewBranch)
@door.response(201, Branch)
def add_branch(details: dict[str, Any]) -> Any:
    """Adds a branch."""
    with transaction() as session:
        row = actions.add(session, principal(), details)
    return tagged(row.version, row.shown(), 201)


@door.patch("/branches/<uuid:branch_id>", needs="directory.branches.write", parameters=[IF_MATCH])
@door.doc(**{"x-problems": [409]})
@door.arguments(BranchFields)
@door.response(200, Branch)
def change_branch(details: dict[str, Any], branch_id: UUID) -> Any:
    """Changes what is named; the rest stays."""
    with transaction() as session:
        row = actions.change(session, principal(), branch_id, details, expected_version())
    return tagged(row.version, row.shown())


@door.get("/branches/<uuid:branch_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def branch_changes(query: dict[str, Any], branch_id: UUID) -> Any:
    """Who changed what of it, newest first."""
    one(BRANCHES, TABLE, branch_id)
    return changes_of(branch_id, query, names)
