"""Two people, one form: what of the second one's still stands after the first one saved. No I/O.

Field by field there are four cases. Nobody else changed it: mine stays. Only they changed it: theirs is taken over.
Both changed it to the same: nothing to ask. Both changed it, differently: the person who saves second decides.
"""

from collections.abc import Callable, Mapping, Sequence
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


Plain = Callable[[str, Any], Any]
"""A field's name and value to what is compared: two values that mean the same are equal then."""


def plain(_field: str, value: Any) -> Any:
    """Without what makes no difference in any form: empty or none, spaces around a text."""
    if isinstance(value, Mapping):
        return {name: plain(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain("", inner) for inner in value]
    return value.strip() if isinstance(value, str) else value or ""


def merge(
    mine: Mapping[str, Any],
    current: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
    plain: Plain = plain,
) -> Merged:
    """`mine` is what I typed, `current` what is stored now, `entries` the changes since I looked, oldest first."""
    document, taken_over, conflicts = dict(mine), [], []
    before, last = _before(entries), _last(entries)
    for field, mine_now in mine.items():
        if field not in before:
            continue
        theirs = current.get(field)
        if plain(field, mine_now) == plain(field, theirs):
            continue
        if plain(field, mine_now) == plain(field, before[field]):
            document[field] = theirs
            taken_over.append(field)
        else:
            conflicts.append(Theirs(field, theirs, last[field]))
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
