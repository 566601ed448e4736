"""The HTTP door to the rules of billing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.policies import actions
from services.memberships.policies.models import PolicyRow
from services.memberships.policies.schemas import Rules, Settings
from shared.api import Door, principal, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.layers import own_of
from shared.rows import NOT_FOUND

door = Door(
    "policies",
    __name__,
    url_prefix="/api/v1/memberships/policies",
    description="The rules by which money is asked for: the chain's, and a branch's where it has its own.",
)

READ, WRITE = "memberships.read", "memberships.policies.write"


@door.get("", needs=READ)
@door.response(200, Rules)
def of_the_chain() -> Any:
    """What the chain has set, and what holds."""
    with transaction() as session:
        return _shown(session, None)


@door.put("", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(Settings)
@door.response(200, Rules)
def set_of_the_chain(given: dict[str, Any]) -> Any:
    """Sets the chain's rules: what is left out holds as it is by default."""
    principal().must_everywhere(WRITE)
    return _set(None, given)


@door.get("/<uuid:branch_id>", needs=READ)
@door.response(200, Rules)
def of_a_branch(branch_id: UUID) -> Any:
    """What the branch has set, and what holds there."""
    with transaction() as session:
        if not principal().may(READ, branch_id) or session.get(Branch, branch_id) is None:
            raise NotFound(NOT_FOUND)
        return _shown(session, branch_id)


@door.put("/<uuid:branch_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(Settings)
@door.response(200, Rules)
def set_of_a_branch(given: dict[str, Any], branch_id: UUID) -> Any:
    """Sets the branch's own rules: what is left out holds as the chain says."""
    principal().must(WRITE, branch_id)
    return _set(branch_id, given)


def _set(branch_id: UUID | None, given: dict[str, Any]) -> Any:
    expected = expected_version()
    with transaction() as session:
        actions.set_own(session, branch_id, Settings().dump(given), expected)
        return _shown(session, branch_id)


def _shown(session: Session, branch_id: UUID | None) -> Any:
    version, own = own_of(session, PolicyRow, branch_id)
    in_force = actions.policy_of(session, branch_id).settings
    shown = {"version": version, "branch_id": branch_id, "own": _dated(own), "in_force": _dated(in_force)}
    return tagged(version, shown)


def _dated(settings: Mapping[str, Any]) -> dict[str, Any]:
    """As the schema takes them: the rows hold dates as text."""
    if "taxes" not in settings:
        return dict(settings)
    return {**settings, "taxes": [{**tax, "since": date.fromisoformat(tax["since"])} for tax in settings["taxes"]]}
