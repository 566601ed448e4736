"""Lists of the directory: by name, as people sort and search it, page by page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Select, tuple_

from shared.api import reading
from shared.api.fields import QueryFlag, Text
from shared.api.pages import PageQuery, decode_cursor, page, words
from shared.errors import NotFound
from shared.folding import fold
from shared.words import Words

NOT_FOUND = Words("There is no such thing here.")

Show = Callable[[Any], Any]
"""A row, by its columns' names, as its schema takes it."""


class ListQuery(PageQuery):
    search = Text(100, metadata={"description": "part of the name; case and accents do not matter"})
    active = QueryFlag()


def listed(statement: Select[Any], table: FromClause, query: dict[str, Any], show: Show = dict) -> dict[str, Any]:
    """A page of the rows of `statement`, which selects from `table` with its columns `id` and `sorting`."""
    place = decode_cursor(query.get("cursor"), words, UUID)
    order = tuple_(table.c.sorting, table.c.id)
    if place:
        statement = statement.where(order > tuple_(*place))
    if "search" in query:
        statement = statement.where(table.c.sorting.contains(fold(query["search"]), autoescape=True))
    if "active" in query:
        statement = statement.where(table.c.active == query["active"])
    with reading() as connection:
        rows = connection.execute(statement.order_by(order).limit(query["limit"] + 1)).mappings().all()
    found = page(rows, query["limit"], lambda row: (row["sorting"], row["id"]))
    return found | {"items": [show(row) for row in found["items"]]}


def one(statement: Select[Any], table: FromClause, row_id: UUID, show: Show = dict) -> Any:
    """The row of that id. Raises NotFound."""
    with reading() as connection:
        row = connection.execute(statement.where(table.c.id == row_id)).mappings().first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return show(row)
