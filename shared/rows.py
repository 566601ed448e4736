"""Versioned rows: locked for a change, and refused in a person's words when the database refuses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared import audit
from shared.api.changes import Names, shown
from shared.errors import Conflict, NotFound, Stale
from shared.words import Words

Row = TypeVar("Row")

NOT_FOUND = Words("There is no such thing here.")
STALE = Words("Somebody else changed this in the meantime.")


def locked(
    session: Session,
    model: type[Row],
    row_id: UUID,
    expected_version: int | None,
    *,
    kind: str,
    names: Names,
    about: UUID | None = None,
) -> Row:
    """The row, locked until the transaction ends. Raises NotFound; Stale, with what changed and by whom, when it is not
    the version expected. `kind` and `about` are those of its audit; `names` tells who people are."""
    row: Any = session.get(model, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(NOT_FOUND)
    if expected_version is not None and row.version != expected_version:
        unseen = audit.since(session, about or row_id, kind, expected_version, row_id)
        raise Stale(STALE, version=row.version, changes=shown(session, unseen, names))
    return row


@contextmanager
def refusing(reasons: Mapping[str, tuple[str, Words]]) -> Iterator[None]:
    """What a constraint of the database means to people: its name to a field and words. Flush inside of it.

    Raises Conflict with the words; a constraint that is not named here is a mistake of ours, and stays an error.
    """
    try:
        yield
    except IntegrityError as error:
        name = str(getattr(getattr(error.orig, "diag", None), "constraint_name", None))
        if name not in reasons:
            raise
        field, words = reasons[name]
        raise Conflict(words, fields={field: [words.format()]}) from error
