"""What a change of a contract would break for those who read its events.

Within a version things may only be added. A reader who was written against the old schema must be right about every
event of the new one, so each rule asks: does the new schema let something through that the old one did not?
"""

from collections.abc import Iterator
from typing import Any

OPEN = "x-open"
"""Marks a list of values that may grow; readers were told to expect others."""

LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
SAME = ("format", "pattern", "const")

JSONSchema = dict[str, Any]


def breaks(before: JSONSchema, after: JSONSchema, where: str = "data") -> Iterator[str]:
    """What the change from one schema to the other breaks, each in a line that names the member."""
    yield from _types(before, after, where)
    yield from _values(before, after, where)
    yield from _limits(before, after, where)
    yield from _members(before, after, where)
    if "items" in before:
        yield from breaks(before["items"], after.get("items", {}), f"{where}[]")


def _types(before: JSONSchema, after: JSONSchema, where: str) -> Iterator[str]:
    was, is_ = _named(before), _named(after)
    if was and not (is_ and is_ <= was):
        yield f"{where}: was {_listed(was)}, and would be {_listed(is_)}"


def _values(before: JSONSchema, after: JSONSchema, where: str) -> Iterator[str]:
    if "enum" not in before or before.get(OPEN):
        return
    if "enum" not in after:
        yield f"{where}: any value, where there was a closed list"
    elif more := [value for value in after["enum"] if value not in before["enum"]]:
        yield f"{where}: {', '.join(map(str, more))} would be new in a closed list"
    if after.get(OPEN):
        yield f"{where}: a closed list would be open"


def _limits(before: JSONSchema, after: JSONSchema, where: str) -> Iterator[str]:
    for name in SAME:
        if name in before and after.get(name) != before[name]:
            yield f"{where}: {name} was {before[name]}, and would be {after.get(name, 'gone')}"
    for name, direction in [*((name, 1) for name in LOWEST), *((name, -1) for name in HIGHEST)]:
        if name in before and (name not in after or direction * after[name] < direction * before[name]):
            yield f"{where}: {name} was {before[name]}, and would be {after.get(name, 'gone')}"


def _members(before: JSONSchema, after: JSONSchema, where: str) -> Iterator[str]:
    members = after.get("properties", {})
    for name, schema in before.get("properties", {}).items():
        if name not in members:
            yield f"{where}.{name}: would be gone"
            continue
        if name in before.get("required", ()) and name not in after.get("required", ()):
            yield f"{where}.{name}: was always there, and would be optional"
        yield from breaks(schema, members[name], f"{where}.{name}")


def _named(schema: JSONSchema) -> set[str]:
    """The types that a schema allows; none when it says nothing, which is any."""
    named = schema.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def _listed(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"
