"""Reads what holds, and changes the chain's or a branch's own settings."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.copies.models import Branch
from services.notifications.settings.models import SettingsRow
from services.notifications.settings.rules import Rules
from shared import audit
from shared.api.changes import shown
from shared.errors import Invalid, NotFound, Stale
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, STALE
from shared.words import Words

NO_DAY = Words("The day must begin before it ends.")
LAYERS = text(
    "SELECT branch_id, settings FROM settings WHERE branch_id IS NULL OR branch_id = ANY(CAST(:branches AS uuid[]))"
)


def rules_of(session: Session | Connection, branch_ids: Iterable[UUID | None]) -> dict[UUID | None, Rules]:
    """What holds for each of these branches; None asks for the chain's."""
    wanted = set(branch_ids)
    rows = session.execute(LAYERS, {"branches": list(wanted - {None})})
    layers: dict[UUID | None, Mapping[str, Any]] = {row.branch_id: row.settings for row in rows}
    return {branch: Rules.of(layers.get(None), layers.get(branch) if branch else None) for branch in wanted}


def set_own(session: Session, branch_id: UUID | None, given: dict[str, Any], expected: int | None) -> SettingsRow:
    """What the chain or the branch says itself, in place of what it said before; the rest holds as above it.

    Raises NotFound for no branch, Stale, and Invalid for a day that ends before it begins.
    """
    if branch_id is not None and session.get(Branch, branch_id) is None:
        raise NotFound(NOT_FOUND)
    row = _locked(session, branch_id)
    if expected is not None and row.version != expected:
        unseen = audit.since(session, row.id, "message_settings", expected)
        raise Stale(STALE, version=row.version, changes=shown(session, unseen, names_of))
    names = [name for name in {**row.settings, **given} if row.settings.get(name) != given.get(name)]
    if not names and row.version:
        return row
    changes = {name: (row.settings.get(name), given.get(name)) for name in names}
    row.settings, row.version = given, row.version + 1
    session.flush()
    _check(session, branch_id)
    audit.record(session, about=row.id, kind="message_settings", version=row.version, changes=changes)
    return row


def _locked(session: Session, branch_id: UUID | None) -> SettingsRow:
    """The row, made at version 0 where there was none, and locked until the transaction ends."""
    empty: dict[str, Any] = {"id": new_id(), "version": 0, "branch_id": branch_id, "settings": {}}
    session.execute(insert(SettingsRow).values(**empty).on_conflict_do_nothing())
    place = SettingsRow.branch_id.is_(None) if branch_id is None else SettingsRow.branch_id == branch_id
    return session.scalars(select(SettingsRow).where(place).with_for_update()).one()


def _check(session: Session, branch_id: UUID | None) -> None:
    """Of the branch or, after a change of the chain's, of every branch that has settings of its own."""
    places = [branch_id] if branch_id else [None, *session.scalars(select(SettingsRow.branch_id))]
    for rules in rules_of(session, places).values():
        opens, closes = rules.day
        if opens >= closes:
            raise Invalid(NO_DAY, fields={"closes": [NO_DAY.format()]})
