"""The orders of the list, each the order of an index, so that a page costs what it shows and not what is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from services.clients.profiles.rows import FROM, SHOWN
from services.clients.search.finder import KEPT
from shared.api.pages import words


@dataclass(frozen=True)
class Order:
    place: str
    """By what it sorts, as the index has it, before the id."""
    type: str
    read: Callable[[Any], Any]
    """A place out of a cursor."""


def _moment(part: Any) -> datetime:
    found = datetime.fromisoformat(words(part))
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


ORDERS = {
    # The search text begins with the folded name: accents and case make no difference, and the name needs no column.
    "name": Order('left(c.search_text, 200) COLLATE "C"', "text", words),
    "changed": Order("coalesce(c.changed_at, c.created_at)", "timestamptz", _moment),
    # Ids are in the order in which they were made.
    "registered": Order("c.id", "uuid", UUID),
}


@cache
def in_order(sort: str, *, further: bool, tagged: str = "") -> str:
    """The statement of a page: `sort` with a minus for the other way round, `further` after the place in a cursor.

    It takes `value` and `id` of that place, `most`, and the filters; `tagged` is a condition of `finder.with_tags`, in
    a statement of its own, since its plan is another.
    """
    order = ORDERS[sort.removeprefix("-")]
    way, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    after = f"AND ({order.place}, c.id) {beyond} (%(value)s::{order.type}, %(id)s::uuid)" if further else ""
    return f"""
        SELECT {SHOWN}, {order.place} AS place {FROM} WHERE {KEPT} {tagged} {after}
        ORDER BY {order.place} {way}, c.id {way} LIMIT %(most)s
    """
