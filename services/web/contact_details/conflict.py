"""Two people, one client: what of the second one's form still stands after the first one saved. No I/O.

Field by field there are four cases. Nobody else changed it: mine stays. Only they changed it: theirs is taken over.
Both changed it to the same: nothing to ask. Both changed it, differently: the person who saves second decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Theirs:
    """What somebody else made of a field that I changed too."""

    field: str
    value: Any
    entry: Mapping[str, Any]
    """The last change of it: by whom, when, where."""


@dataclass(frozen=True)
class Merged:
    document: dict[str, Any]
    """What my form shows now: mine, and theirs where only they changed it."""
    taken_over: list[str]
    conflicts: list[Theirs]


def merge(mine: Mapping[str, Any], current: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Merged:
    """`mine` is what I typed, `current` what is stored now, `entries` the changes since I looked, oldest first."""
    document, taken_over, conflicts = dict(mine), [], []
    before, last = _before(entries), _last(entries)
    for field, mine_now in mine.items():
        if field not in before:
            continue
        if same(field, mine_now, current.get(field)):
            continue
        if same(field, mine_now, before[field]):
            document[field] = current.get(field)
            taken_over.append(field)
        else:
            conflicts.append(Theirs(field, current.get(field), last[field]))
    return Merged(document, taken_over, conflicts)


def _before(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What each field that they changed was when I looked."""
    found: dict[str, Any] = {}
    for entry in entries:
        for field, (was, _) in entry["changes"].items():
            found.setdefault(field, was)
    return found


def _last(entries: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {field: entry for entry in entries for field in entry["changes"]}


def same(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a field mean the same, as typed or as stored."""
    return _plain(one, field == "phones") == _plain(other, field == "phones")


def _plain(value: Any, spaceless: bool = False) -> Any:
    """Without what makes no difference: empty or none, spaces around a text, all spaces of a telephone number."""
    if isinstance(value, Mapping):
        return {name: _plain(inner, spaceless) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, spaceless) for inner in value]
    if isinstance(value, str):
        return "".join(value.split()) if spaceless else value.strip()
    return value or ""
