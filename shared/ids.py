"""Ids are UUIDv7 made in Python: they sort by time, and a row knows its id before it is written."""

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["UUID", "new_id"]


def new_id() -> UUID:
    """A UUIDv7. Sorts roughly by time; never use it to tell what was committed before what."""
    return uuid7()
