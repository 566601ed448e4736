"""Lists answer `{"items": […], "next_cursor": …}`; a cursor is the place of the last item, opaque to the caller."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from marshmallow import Schema
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shared.api.fields import CONTROL, Cursor, QueryWhole, Shape, between, fields
from shared.errors import Invalid
from shared.words import Words

MOST = 200

Query = Mapping[str, Any]
"""What `PageQuery`, or a schema that extends it, has read."""
Shown = Callable[[Any], Mapping[str, Any]]


class PageQuery(Shape):
    """What every list takes."""

    cursor = Cursor()
    limit = QueryWhole(load_default=50, validate=between(1, MOST))


def page_of(item: type[Schema], name: str) -> type[Shape]:
    """The schema of a page of such items."""
    return Shape.from_dict(  # type: ignore[return-value]
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
        },
        name=name,
    )


def encode_cursor(place: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(place))).decode().rstrip("=")


def decode_cursor(cursor: str | None, *readers: Callable[[Any], Any]) -> list[Any] | None:
    """The place a cursor stands for, each part by its reader (`words`, `whole`, `UUID` …); None without a cursor.

    Raises Invalid for one that we did not give.
    """
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [reader(part) for reader, part in zip(readers, place, strict=True)]
    except (ValueError, TypeError, AttributeError) as error:
        raise bad_cursor() from error


def bad_cursor() -> Invalid:
    """What a cursor that we did not give, or gave for another list, is refused with."""
    message = Words("This cursor is not one that we gave.").format()
    return Invalid(message, code="bad_cursor", fields={"cursor": [message]})


def words(part: Any) -> str:
    """Text in a cursor; a database takes no control characters, whoever made them up."""
    if not isinstance(part, str) or CONTROL.search(part):
        raise ValueError("no text")
    return part


def whole(part: Any) -> int:
    """A whole number in a cursor, of a size that a database takes."""
    if type(part) is not int or not 0 <= part < 2**63:
        raise ValueError("no number")
    return part


def newest(
    session: Session | Connection, statement: Any, id_: Any, query: Query, shown: Shown = dict
) -> dict[str, Any]:
    """A page of the rows of a statement, the newest first: ids grow with time. `shown(row)` is an item."""
    return _by_id(session, statement.order_by(None).order_by(id_.desc()), id_.__lt__, query, shown)


def oldest(
    session: Session | Connection, statement: Any, id_: Any, query: Query, shown: Shown = dict
) -> dict[str, Any]:
    """The same, the oldest first."""
    return _by_id(session, statement.order_by(None).order_by(id_), id_.__gt__, query, shown)


def _by_id(
    session: Session | Connection, statement: Any, beyond: Callable[[UUID], Any], query: Query, shown: Shown
) -> dict[str, Any]:
    if place := decode_cursor(query.get("cursor"), UUID):
        statement = statement.where(beyond(place[0]))
    found = session.execute(statement.limit(query["limit"] + 1)).mappings().all()
    return page([shown(row) for row in found], query["limit"], lambda row: (row["id"],))


def page(items: Sequence[Any], limit: int, place: Any) -> dict[str, Any]:
    """A page out of `limit + 1` fetched items; `place(item)` is what the cursor holds."""
    more = len(items) > limit
    shown = items[:limit]
    return {"items": shown, "next_cursor": encode_cursor(place(shown[-1])) if more else None}
