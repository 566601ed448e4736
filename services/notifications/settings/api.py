"""The HTTP door to the settings of messages."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import CHANNELS
from services.notifications.copies.models import Branch
from services.notifications.settings import actions
from services.notifications.settings.models import SettingsRow
from services.notifications.settings.rules import Rules
from services.notifications.settings.schemas import SWITCHED, Settings, SettingsShown
from shared.api import Door, principal, transaction
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.layers import own_of
from shared.rows import NOT_FOUND

door = Door(
    "settings",
    __name__,
    url_prefix="/api/v1/notifications/settings",
    description="Quiet hours, caps, defaults and senders: the chain's, and a branch's where it has its own.",
)

READ, WRITE = "preferences.read", "messages.settings.write"


@door.get("", needs=READ)
@door.response(200, SettingsShown)
def of_the_chain() -> Any:
    """What the chain has set, and what holds."""
    with transaction() as session:
        return _shown(session, None)


@door.put("", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(Settings)
@door.response(200, SettingsShown)
def set_of_the_chain(given: dict[str, Any]) -> Any:
    """Sets the chain's settings: what is left out holds as it is by default."""
    principal().must_everywhere(WRITE)
    return _set(None, given)


@door.get("/<uuid:branch_id>", needs=READ)
@door.response(200, SettingsShown)
def of_a_branch(branch_id: UUID) -> Any:
    """What the branch has set, and what holds there."""
    with transaction() as session:
        if not principal().may(READ, branch_id) or session.get(Branch, branch_id) is None:
            raise NotFound(NOT_FOUND)
        return _shown(session, branch_id)


@door.put("/<uuid:branch_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(Settings)
@door.response(200, SettingsShown)
def set_of_a_branch(given: dict[str, Any], branch_id: UUID) -> Any:
    """Sets the branch's own settings: what is left out holds as the chain says."""
    principal().must(WRITE, branch_id)
    return _set(branch_id, given)


def _set(branch_id: UUID | None, given: dict[str, Any]) -> Any:
    expected = expected_version()
    with transaction() as session:
        actions.set_own(session, branch_id, given, expected)
        return _shown(session, branch_id)


def _shown(session: Session, branch_id: UUID | None) -> Any:
    version, own = own_of(session, SettingsRow, branch_id)
    rules = actions.rules_of(session, [branch_id])[branch_id]
    return tagged(version, {"version": version, "branch_id": branch_id, "own": own, "in_force": _whole(rules)})


def _whole(rules: Rules) -> dict[str, Any]:
    defaults = {kind: {channel: rules.is_on(kind, channel) for channel in CHANNELS} for kind in SWITCHED}
    return asdict(rules) | {"defaults": defaults}
