"""The rules of billing: what holds for a branch, and changes of the chain's or a branch's own."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.policies.checks import faults
from services.memberships.policies.models import PolicyRow
from services.memberships.policies.policy import Policy
from shared import audit
from shared.api.changes import shown
from shared.errors import Invalid, NotFound, Stale
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, STALE
from shared.words import Words

UNSUITABLE = Words("These rules do not suit each other.")

LAYERS = text("SELECT branch_id, settings FROM policies WHERE branch_id IS NULL OR branch_id = ANY(:branches)")

Place = TypeVar("Place", UUID, UUID | None)


def policy_of(session: Session | Connection, branch_id: UUID | None) -> Policy:
    """What holds for the branch: its own settings over the chain's over the defaults. None asks for the chain's."""
    return policies_of(session, [branch_id])[branch_id]


def policies_of(session: Session | Connection, branch_ids: Iterable[Place]) -> dict[Place, Policy]:
    """The same for several branches at once."""
    wanted = set(branch_ids)
    layers: dict[UUID | None, dict[str, Any]] = {
        row.branch_id: row.settings for row in session.execute(LAYERS, {"branches": list(wanted - {None})})
    }
    chain = layers.get(None, {})
    return {branch: Policy.read(chain, layers.get(branch, {}) if branch else {}) for branch in wanted}


def set_own(session: Session, branch_id: UUID | None, settings: dict[str, Any], expected: int | None) -> PolicyRow:
    """What the chain or the branch says itself, in place of what it said before; the rest holds as above it.

    Raises NotFound for no branch, Stale, and Invalid when the rules that come of it do not suit each other. It changes
    what is raised from here on: a due keeps the policy under which it was raised.
    """
    if branch_id is not None and session.get(Branch, branch_id) is None:
        raise NotFound(NOT_FOUND)
    row = _locked(session, branch_id)
    if expected is not None and row.version != expected:
        unseen = audit.since(session, row.id, "policy", expected)
        raise Stale(STALE, version=row.version, changes=shown(session, unseen, names_of))
    changes = _changes(row.settings, settings)
    if not changes and row.version:
        return row
    row.settings, row.version = settings, row.version + 1
    session.flush()
    _check(session, branch_id)
    audit.record(session, about=row.id, kind="policy", version=row.version, changes=changes)
    return row


def _locked(session: Session, branch_id: UUID | None) -> PolicyRow:
    """The row, made at version 0 where there was none, and locked until the transaction ends."""
    empty: dict[str, Any] = {"id": new_id(), "version": 0, "branch_id": branch_id, "settings": {}}
    session.execute(insert(PolicyRow).values(**empty).on_conflict_do_nothing())
    place = PolicyRow.branch_id.is_(None) if branch_id is None else PolicyRow.branch_id == branch_id
    return session.scalars(select(PolicyRow).where(place).with_for_update()).one()


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: (before.get(name), after.get(name)) for name in names}


def _check(session: Session, branch_id: UUID | None) -> None:
    """Of the branch or, after a change of the chain's, of every branch that has rules of its own."""
    places = [branch_id] if branch_id else [None, *session.scalars(select(PolicyRow.branch_id))]
    for policy in policies_of(session, places).values():
        if found := faults(policy):
            raise Invalid(UNSUITABLE, fields={name: [words] for name, words in found.items()})
