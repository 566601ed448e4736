"""What people ask of us about branches."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.branches.models import Branch
from services.directory.names import names
from shared.audit import Saying, difference, record
from shared.auth.principal import Principal
from shared.contracts.directory import BRANCH_ADDED, BRANCH_CHANGED
from shared.ids import new_id
from shared.rows import locked, refusing
from shared.words import Words

WRITE = "directory.branches.write"
REFUSALS = {
    "uq_branches_sorting": ("name", Words("There is a branch of this name.")),
    "fk_service_prices_branch_id_currency": ("currency", Words("This branch has prices in its present currency.")),
}

Details = dict[str, Any]


def add(session: Session, by: Principal, details: Details, branch_id: UUID | None = None) -> Branch:
    """A new branch; takes a permission for the whole chain. Raises Conflict when the name is taken."""
    by.must_everywhere(WRITE)
    branch = Branch(id=branch_id or new_id(), version=1, **details)
    session.add(branch)
    with refusing(REFUSALS):
        session.flush()
    changes = difference({}, branch.details())
    record(
        session, about=branch.id, kind="branch", version=1, changes=changes, says=[Saying(BRANCH_ADDED, branch.state())]
    )
    return branch


def change(session: Session, by: Principal, branch_id: UUID, details: Details, expected: int | None) -> Branch:
    """Changes what is named; what is equal already is no change. Raises Stale, NotFound, Conflict."""
    by.must(WRITE, branch_id)
    branch = locked(session, Branch, branch_id, expected, kind="branch", names=names)
    changes = difference(branch.details(), details)
    if not changes:
        return branch
    for name in changes:
        setattr(branch, name, details[name])
    branch.version += 1
    with refusing(REFUSALS):
        session.flush()
    said = Saying(BRANCH_CHANGED, branch.state() | {"changed": list(changes)})
    record(session, about=branch.id, kind="branch", version=branch.version, changes=changes, says=[said])
    return branch
