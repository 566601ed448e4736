"""What the chain has set, and what a branch has set otherwise: a row each, of which `branch_id` is None for the chain.

A service has a table of its own for it, with `id`, `version`, `branch_id` (unique, nulls not distinct) and `settings`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared import audit
from shared.api.changes import shown
from shared.errors import NotFound, Stale
from shared.ids import new_id
from shared.people import names_of
from shared.rows import NOT_FOUND, STALE

Settings = Mapping[str, Any]


def layers_of(
    session: Session | Connection, model: Any, branch_ids: Iterable[UUID | None]
) -> dict[UUID | None, tuple[Settings, Settings]]:
    """For each branch what the chain says, and what it says itself; None asks for the chain's."""
    wanted = set(branch_ids)
    rows = session.execute(_layers(model.__tablename__), {"branches": list(wanted - {None})})
    own: dict[UUID | None, Settings] = {row.branch_id: row.settings for row in rows}
    chain = own.get(None, {})
    return {branch: (chain, own.get(branch, {}) if branch else {}) for branch in wanted}


@cache
def _layers(table: str) -> TextClause:
    """Asked with each charge and each message: put together once."""
    of = f"SELECT branch_id, settings FROM {table}"
    return text(f"{of} WHERE branch_id IS NULL OR branch_id = ANY(CAST(:branches AS uuid[]))")


def own_of(session: Session, model: Any, branch_id: UUID | None) -> tuple[int, dict[str, Any]]:
    """The version and the settings of the chain or the branch itself; 0 and nothing where it never set any."""
    row = session.scalar(select(model).where(_place(model, branch_id)))
    return (row.version, row.settings) if row else (0, {})


def set_own(
    session: Session,
    model: Any,
    branch_id: UUID | None,
    settings: dict[str, Any],
    expected: int | None,
    *,
    kind: str,
    branches: Any,
    check: Callable[[list[UUID | None]], None],
) -> None:
    """What the chain or the branch says itself, in place of what it said before; the rest holds as above it.

    `check` is asked about the branch or, after a change of the chain's, about all that have settings of their own, and
    raises what it has against what holds there then. Raises NotFound for no branch of the table `branches`, and Stale.
    """
    if branch_id is not None and session.get(branches, branch_id) is None:
        raise NotFound(NOT_FOUND)
    row = _locked(session, model, branch_id)
    if expected is not None and row.version != expected:
        unseen = audit.since(session, row.id, kind, expected)
        raise Stale(STALE, version=row.version, changes=shown(session, unseen, names_of))
    names = [name for name in {**row.settings, **settings} if row.settings.get(name) != settings.get(name)]
    if not names and row.version:
        return
    changes = {name: (row.settings.get(name), settings.get(name)) for name in names}
    row.settings, row.version = settings, row.version + 1
    session.flush()
    check([branch_id] if branch_id else [None, *session.scalars(select(model.branch_id))])
    audit.record(session, about=row.id, kind=kind, version=row.version, changes=changes)


def _locked(session: Session, model: Any, branch_id: UUID | None) -> Any:
    """The row, made at version 0 where there was none, and locked until the transaction ends."""
    empty: dict[str, Any] = {"id": new_id(), "version": 0, "branch_id": branch_id, "settings": {}}
    session.execute(insert(model).values(**empty).on_conflict_do_nothing())
    return session.scalars(select(model).where(_place(model, branch_id)).with_for_update()).one()


def _place(model: Any, branch_id: UUID | None) -> Any:
    return model.branch_id.is_(None) if branch_id is None else model.branch_id == branch_id
